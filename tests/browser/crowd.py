"""Everyone else: signed-in sessions that knock where they have no business."""

import json
from dataclasses import dataclass, field

from playwright.sync_api import APIRequestContext, APIResponse, Browser, BrowserContext

from tests.browser.site import Site

EVERYONE = ("osim", "volunteer", "coordinator", "researcher", "committee", "administrator")
#: What the database holds of a mission; the journal also keeps the attempts, so it is left out.
OF_A_MISSION = """
SELECT table_name FROM information_schema.columns c JOIN information_schema.tables t
USING (table_schema, table_name)
WHERE column_name = 'mission_id' AND table_type = 'BASE TABLE' AND table_schema = 'public'
ORDER BY table_name
"""
UNPRINTED = """
SELECT count(*) FROM (
    SELECT mission_id FROM missions_reviewsheet WHERE mission_id = %s AND file_id IS NULL
    UNION ALL SELECT mission_id FROM missions_receipt WHERE mission_id = %s AND file_id IS NULL
) waiting
"""


@dataclass
class Crowd:
    """One session per role, opened at the first knock."""

    site: Site
    browser: Browser
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    def session(self, role: str) -> APIRequestContext:
        if role not in self.contexts:
            context = self.contexts[role] = self.browser.new_context(locale="fr-FR")
            context.request.get(f"{self.site.url}/demo/")
            if role != "anonymous":
                answer = self.post(role, "/demo/", role=role)
                assert answer.headers["location"] == "/accueil/", f"{role} : {answer.status}"
        return self.contexts[role].request

    def post(self, role: str, path: str, /, **fields: str) -> APIResponse:
        """As that person's own browser would, with the token of its own session."""
        session = self.session(role)
        cookies = {cookie["name"]: cookie["value"] for cookie in self.contexts[role].cookies()}
        form = {**fields, "csrfmiddlewaretoken": cookies.get("csrftoken", "")}
        return session.post(f"{self.site.url}{path}", form=form, max_redirects=0)

    def get(self, role: str, path: str) -> APIResponse:
        return self.session(role).get(f"{self.site.url}{path}", max_redirects=0)

    def refused_reading(self, path: str, *but: str) -> None:
        """Everyone but those named finds nothing there; who is not signed in must sign in."""
        for role in self.others(but):
            assert self.get(role, path).status in {403, 404}, f"{role} lit {path}"
        self._sent_to_sign_in(self.get("anonymous", path))

    def refused_writing(self, reference: str, path: str, /, *but: str, **fields: str) -> None:
        """Everyone but those named is refused, and not one row of the mission has changed."""
        before = self.footprint(reference)
        for role in self.others(but):
            answer = self.post(role, path, **fields)
            assert answer.status in {403, 404}, f"{role} écrit {path} : {answer.status}"
        self._sent_to_sign_in(self.post("anonymous", path, **fields))
        assert self.footprint(reference) == before, f"{path} a laissé une trace"

    def footprint(self, reference: str) -> str:
        """Every row of the mission, as one text, once the worker has printed what waits."""
        mission = self.site.value("SELECT id FROM missions_mission WHERE reference = %s", reference)
        self.site.wait_until(lambda: not self.site.value(UNPRINTED, mission, mission))
        found = {"mission": self._rows("missions_mission", "id", mission)}
        for (table,) in self.site.rows(OF_A_MISSION):
            found[table] = self._rows(table, "mission_id", mission)
        return json.dumps(found, sort_keys=True)

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()

    def others(self, but: tuple[str, ...]) -> list[str]:
        unknown = set(but) - set(EVERYONE)
        assert not unknown, unknown
        return [role for role in EVERYONE if role not in but]

    def _rows(self, table: str, column: str, mission: int) -> list[str]:
        query = f'SELECT t::text FROM "{table}" t WHERE {column} = %s ORDER BY 1'  # noqa: S608
        return [row for (row,) in self.site.rows(query, mission)]

    def _sent_to_sign_in(self, answer: APIResponse) -> None:
        assert answer.status == 302, answer.status
        assert answer.headers["location"].startswith("/compte/login/"), answer.headers["location"]
