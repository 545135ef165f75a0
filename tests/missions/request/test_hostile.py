"""More than a hundred hostile inputs: each is named in French or kept inert, never a crash.

One world and one request: the inputs of a step go in rounds, one to a field, with a good answer
that must be saved each time.
"""

from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html as markup

from missions.dossier.models import Mission
from missions.request.models import Annex, Request
from missions.request.queries import annexes_of
from missions.request.words import STEPS
from tests.factories import World
from tests.missions.request.hostile import CLEANED, INERT, REFUSED, Refused
from tests.missions.request.hostile_files import FILES, Sent
from tests.missions.request.pages import address, filled, step_address
from tests.missions.request.test_actions import start

AsRole = Callable[[str], Client]

#: In each step, a field that takes any text, to see that the rest is saved.
WITNESS = {
    "association": "city",
    "projet": "context",
    "partenaire": "partner_role",
    "mission": "success",
    "expertise": "lodging",
    "budget": "expense_stay_how",
    "securite": "insurance",
}


def rounds(step: str) -> Iterator[list[Refused]]:
    """The hostile inputs of a step, each round with one input to a field."""
    left = [row for row in REFUSED if row.step == step]
    while left:
        turn = {row.field: row for row in reversed(left)}
        left = [row for row in left if row not in turn.values()]
        yield list(turn.values())


def test_inputs_are_more_than_a_hundred_and_all_different() -> None:
    told = {(row.field, row.value) for row in REFUSED}
    told |= {("need", value) for value in [*INERT, *CLEANED]}
    told |= {("file", f"{row.name}{len(row.data)}") for row in FILES}
    assert len(told) == len(REFUSED) + len(INERT) + len(CLEANED) + len(FILES)
    assert len(told) >= 150


@pytest.mark.parametrize("step", STEPS)
def test_refused_answer_is_named_and_the_rest_is_saved(
    as_role: AsRole, world: World, step: str
) -> None:
    mission, client, wrong = start(world), as_role("osim"), []
    for number, turn in enumerate(rounds(step)):
        typed = {row.field: row.value for row in turn}
        witness = f"Témoin {number}"
        sent = filled(client, mission, step) | typed | {WITNESS[step]: witness}
        assert client.post(step_address(mission, step), sent).status_code == 302
        page = markup.fromstring(client.get(step_address(mission, step)).content)
        kept = page.get_element_by_id(f"id_{WITNESS[step]}")
        if witness not in (kept.get("value") or kept.text_content()):
            wrong.append(f"{step} {number} : le reste n’est pas enregistré")
        for row in turn:
            said = page.find(f".//*[@id='id_{row.field}_error']")
            if said is None or row.words not in said.text_content():
                told = "rien" if said is None else said.text_content().strip()
                wrong.append(f"{row.field} = {row.value[:30]!r} : {told}")
    assert wrong == []


def test_other_text_is_kept_as_it_is_and_never_runs(as_role: AsRole, world: World) -> None:
    mission, client, wrong = start(world), as_role("osim"), []
    posted = filled(client, mission, "projet")
    for number, (typed, kept) in enumerate([*zip(INERT, INERT, strict=True), *CLEANED.items()]):
        if number:
            posted = filled(client, mission, "projet")
        answer = client.post(step_address(mission, "projet"), posted | {"need": typed})
        saved = Request.objects.get(mission=mission).need
        if answer.status_code != 302 or saved != kept.replace("\r\n", "\n"):
            wrong.append(f"{typed!r} : {answer.status_code}, {saved!r}")
    assert wrong == []
    for path in (step_address(mission, "projet"), address(mission)):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><svg onload=alert(1)>'])
def test_markup_is_shown_escaped_everywhere(as_role: AsRole, world: World, text: str) -> None:
    mission, client = start(world), as_role("osim")
    client.post(
        step_address(mission, "projet"),
        filled(client, mission, "projet") | {"need": text, "voiced_by": text},
    )
    for path in (step_address(mission, "projet"), address(mission)):
        page = client.get(path).text
        assert text not in page
        assert text in unescape(page)


def send(client: Client, mission: Mission, sent: Sent, token: str) -> tuple[int, str]:
    upload = SimpleUploadedFile("x", sent.data, content_type=sent.mime)
    upload._name = sent.name  # what a browser would never send, a script does
    answer = client.post(
        reverse("request_annexes", args=[mission.reference]),
        {"kind": "other", "token": token, "file": upload},
        headers={"X-Upload": "1"},
    )
    return answer.status_code, answer.text


def test_every_file_is_refused_in_words_or_kept_inert(as_role: AsRole, world: World) -> None:
    mission, client, wrong = start(world), as_role("osim"), []
    for number, sent in enumerate(FILES):
        Annex.objects.filter(mission=mission).delete()
        token = f"00000000-0000-4000-8000-{number:012d}"
        status, text = send(client, mission, sent, token)
        names = [row.file.name for row in annexes_of(mission)]
        expected = (422, []) if sent.words else (200, [sent.kept])
        if (status, names) != expected or sent.words not in text:
            wrong.append(f"{sent.name[:40]!r} : {status} {names} {text[:90]}")
        if "<script>alert" in text:
            wrong.append(f"{sent.name[:40]!r} : montré sans échappement")
    assert wrong == []


def test_bad_file_among_good_ones_stops_neither_them_nor_the_answers(
    as_role: AsRole, world: World
) -> None:
    mission, client = start(world), as_role("osim")
    good = SimpleUploadedFile("statuts.pdf", FILES[2].data)
    bad = SimpleUploadedFile("bureau.pdf", b"MZ rien d'un PDF")
    sent = filled(client, mission, "securite") | {
        "annex_statutes": good,
        "annex_board": bad,
        "security_zone": "green",
        "go": "next",
    }
    page = client.post(step_address(mission, "securite"), sent, follow=True).text
    assert [row.kind for row in annexes_of(mission)] == ["statutes"]
    assert "Liste du bureau" in page and "n’est pas un PDF" in page
    assert Request.objects.get(mission=mission).security_zone == "green"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"token": "pas-un-jeton", "bases": "{}"},
        {"token": "", "bases": "["},
        {"bases": '{"need": 1}', "need": "x"},
        {"bases": '{"id": "x", "state": "y", "__class__": "z"}', "state": "closed", "id": "1"},
        {"choice": "{", "bases": "{}"},
        {"choice": '{"field": "need", "keep": "saved", "over": [1], "base": ""}'},
        {"remove": "../../x", "bases": "{}"},
        {"go": "http://ailleurs.example/", "bases": "{}"},
    ],
)
def test_altered_form_breaks_nothing(as_role: AsRole, world: World, sent: dict[str, str]) -> None:
    mission, client = start(world), as_role("osim")
    answer = client.post(step_address(mission, "projet"), sent)
    assert answer.status_code in (302, 400)
    assert "ailleurs" not in answer.headers.get("Location", "")
    mission.refresh_from_db()
    assert mission.state == "draft"
