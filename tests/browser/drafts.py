"""Requests of the association that a test needs already begun or already written."""

import re
from uuid import uuid4

from tests.browser.acts import PAPERS, STEPS
from tests.browser.crowd import Crowd
from tests.browser.site import Site
from tests.missions.request.pages import form_of


def new_request(site: Site, crowd: Crowd, title: str) -> str:
    """A draft of the association, its reference."""
    territory = site.value("SELECT id FROM missions_territory WHERE slug = 'hauts-de-france'")
    holder = site.value("SELECT id FROM accounts_organisation WHERE acronym = 'AHPA'")
    programme = site.value("SELECT id FROM missions_programme WHERE slug = 'explor'")
    fields = {
        "holder": str(holder),
        "programme": str(programme),
        "territory": str(territory),
        "title": title,
        "country": "BJ",
        "token": str(uuid4()),
    }
    answer = crowd.post("osim", "/missions/nouvelle/", **fields)
    assert answer.status == 302, answer.text()
    found = re.search(r"EX-\d+-\d+", answer.headers["location"])
    assert found
    return found[0]


def write_whole(crowd: Crowd, reference: str) -> None:
    """Every answer of the request, sent step by step as a browser without script sends them."""
    for step, answers in STEPS.items():
        where = f"/missions/{reference}/demande/{step}/"
        shown = form_of(crowd.get("osim", where).text())
        sent = {name: texts[0] for name, texts in shown.items() if texts}
        sent |= {name: "on" if value is True else str(value) for name, value in answers.items()}
        if step == "securite":
            sent |= {f"absent_{kind}": "Pièce demandée en préfecture" for kind in PAPERS}
        sent.pop("csrfmiddlewaretoken", None)
        answer = crowd.post("osim", where, **sent, go="next")
        assert answer.status == 302, f"{step} : {answer.text()[:200]}"
        assert answer.headers["location"] != where, step
