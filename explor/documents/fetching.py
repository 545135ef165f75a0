"""What a PDF may read: our built static files, the stored files, data inside the page.

Nothing else, ever: a template, a text or an image address cannot make the server fetch a page
of the network nor a file of the machine.
"""

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


def paper_root() -> Path:
    """The folder of the built front end, where style sheets and fonts are."""
    return Path(settings.STATICFILES_DIRS[0]).resolve()


class PaperFetcher(URLFetcher):  # type: ignore[misc]
    """`static:css/paper.css`, `media:<storage name>`, `data:`, and `file:` inside static only.

    Raises FatalURLFetchingError, which stops the rendering, for anything else.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        parts = urlsplit(url)
        path = unquote(parts.path)
        match parts.scheme.lower():
            case "data":
                return super().fetch(url, headers)
            case "static":
                return _read_static(paper_root() / path.lstrip("/"), url)
            case "file" if not parts.netloc:
                return _read_static(Path(path), url)
            case "media":
                return _read_media(path, url)
        raise FatalURLFetchingError(f"address refused: {url}")


def _read_static(path: Path, url: str) -> Any:
    found = path.resolve()
    if not found.is_relative_to(paper_root()):
        raise FatalURLFetchingError(f"address refused: {url}")
    return _answer(found.as_uri(), found.read_bytes(), found.name)


def _read_media(name: str, url: str) -> Any:
    if name.startswith("/") or ".." in name.split("/"):
        raise FatalURLFetchingError(f"address refused: {url}")
    try:
        with default_storage.open(name, "rb") as source:
            return _answer(url, source.read(), name)
    except SuspiciousFileOperation as error:
        raise FatalURLFetchingError(f"address refused: {url}") from error


def _answer(url: str, body: bytes, name: str) -> Any:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return URLFetcherResponse(url, body, {"Content-Type": kind})
