"""Finding every page a role can reach, by following the links of the site itself."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import BrowserContext

#: Addresses that are no page of ours to look at.
NOT_PAGES = ("/admin/", "/static/", "/compte/logout/")
#: Pages opened of one route; a second mission shows another state.
EACH = {"mission": 2}


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href" and value:
                self.found.append(value)


def route_of(path: str) -> str:
    """The name of the route behind a path, empty for none."""
    try:
        return resolve(path).view_name or ""
    except Resolver404:
        return ""


def pages(context: BrowserContext, base: str, starts: list[str]) -> dict[str, list[str]]:
    """Route → the addresses met (one, or as many as `EACH` says), breadth first from `starts`."""
    found: dict[str, list[str]] = {}
    waiting, seen = list(starts), set(starts)
    while waiting:
        path = waiting.pop(0)
        route = route_of(urlsplit(path).path)
        if (
            not route
            or path.startswith(NOT_PAGES)
            or len(found.get(route, [])) >= EACH.get(route, 1)
        ):
            continue
        answer = context.request.get(f"{base}{path}")
        kind = answer.headers.get("content-type", "")
        assert answer.status < 500, f"{path} : {answer.status}"
        if answer.status != 200 or "text/html" not in kind:
            continue
        landed = urlsplit(answer.url)
        if landed.path == urlsplit(path).path:
            found.setdefault(route, []).append(path)
        links = Links()
        links.feed(answer.text())
        for link in links.found:
            address = urldefrag(urljoin(f"{base}{path}", link)).url
            if address.startswith(base):
                beyond = address.removeprefix(base) or "/"
                if beyond not in seen:
                    seen.add(beyond)
                    waiting.append(beyond)
    return found


def routes(resolver: URLResolver | None = None) -> Iterator[str]:
    """The name of every route of ours."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name
