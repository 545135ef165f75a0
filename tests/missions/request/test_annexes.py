from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.queries import history
from explor.ui.errors import Refusal
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.request.actions import save_request
from missions.request.annexing import add_annex, kinds_open_to, remove_annex
from missions.request.models import Annex, AnnexKind
from missions.request.queries import annexes_of, missing
from tests.factories import World
from tests.missions.request.pages import address, filled, step_address
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import start

AsRole = Callable[[str], Client]
PDF = b"%PDF-1.4\n%%EOF"


def join(mission: Mission, kind: AnnexKind, actor: User | None, name: str = "piece.pdf") -> Annex:
    return add_annex(mission, kind, PDF, name=name, actor=actor, token=uuid4())


def test_paper_settles_what_lacked_and_leaves_a_trace(world: World) -> None:
    mission = start(world)
    lack = "la pièce «\u00a0Statuts\u00a0», ou pourquoi vous ne l’avez pas"
    assert lack in missing(mission)
    row = join(mission, AnnexKind.STATUTES, world.osim)
    assert lack not in missing(mission)
    act = history(mission.stream).get(verb="missions.add_annex")
    assert act.data == {"kind": "statutes", "sha256": row.file.sha256}


def test_saying_why_a_paper_is_absent_is_enough(world: World) -> None:
    mission = start(world)
    save_request(mission, {"absences": {"accounts": "Née cette année"}}, actor=None, version=1)
    assert not [words for words in missing(mission) if "Derniers comptes" in words]


def test_paper_replaces_the_one_of_its_kind_and_others_add_up(world: World) -> None:
    mission = start(world)
    for name in ("un.pdf", "deux.pdf"):
        join(mission, AnnexKind.BOARD, world.osim, name)
        join(mission, AnnexKind.OTHER, world.osim, name)
    assert [row.file.name for row in annexes_of(mission)] == ["deux.pdf", "un.pdf", "deux.pdf"]
    assert Annex.objects.filter(mission=mission, kind="board").count() == 2


def test_same_token_joins_once(world: World) -> None:
    mission, token = start(world), uuid4()
    for _ in range(2):
        add_annex(mission, AnnexKind.OTHER, PDF, name="a.pdf", actor=world.osim, token=token)
    assert len(annexes_of(mission)) == 1


def test_eleventh_other_paper_is_refused(world: World) -> None:
    mission = start(world)
    for number in range(10):
        join(mission, AnnexKind.OTHER, None, f"{number}.pdf")
    with pytest.raises(Refusal, match="Dix autres"):
        join(mission, AnnexKind.OTHER, world.osim)


def test_papers_are_joined_by_the_association_alone(world: World) -> None:
    mission = start(world)
    for person in (world.other_osim, world.coordinator, world.administrator, world.committee):
        with pytest.raises(PermissionDenied):
            join(mission, AnnexKind.STATUTES, person)
    assert not StoredFile.objects.exists()


def test_papers_close_with_the_review_but_for_the_late_ones(world: World) -> None:
    mission = world.mission("preparation")
    assert kinds_open_to(world.osim, mission) == [
        AnnexKind.AGREEMENT,
        AnnexKind.BANK,
        AnnexKind.OTHER,
    ]
    with pytest.raises(PermissionDenied):
        join(mission, AnnexKind.STATUTES, world.osim)
    assert kinds_open_to(world.volunteer, mission) == []
    assert kinds_open_to(world.osim, world.mission("review")) == []


def test_removed_paper_is_no_longer_read(as_role: AsRole, world: World) -> None:
    mission = start(world)
    row = join(mission, AnnexKind.STATUTES, world.osim)
    client, where = as_role("osim"), reverse("annex", args=[mission.reference, row.uuid])
    answer = client.get(where)
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    remove_annex(row, actor=world.osim)
    assert client.get(where).status_code == 404


def test_submitted_request_keeps_the_papers_it_needs(world: World) -> None:
    mission = save_request(
        start(world), full_answers() | {"absences": {}}, actor=world.osim, version=1
    )
    for kind in AnnexKind.needed():
        row = join(mission, kind, world.osim)
    advance(mission, "submit", actor=world.osim)
    with pytest.raises(Refusal, match="Remplacez"):
        remove_annex(row, actor=world.osim)
    assert len(annexes_of(mission)) == len(AnnexKind.needed())


@pytest.mark.parametrize(
    ("role", "read"),
    [
        ("osim", {"statutes", "bank"}),
        ("coordinator", {"statutes", "bank"}),
        ("administrator", {"statutes", "bank"}),
        ("other_coordinator", {"statutes"}),
        ("committee", {"statutes"}),
        ("researcher", set()),
        ("volunteer", set()),
        ("other_osim", set()),
    ],
)
def test_bank_details_are_for_those_who_pay(
    as_role: AsRole, world: World, role: str, read: set[str]
) -> None:
    mission = world.mission("preparation")
    rows = {kind: join(mission, AnnexKind(kind), None) for kind in ("statutes", "bank")}
    client = as_role(role)
    opened = set()
    for kind, row in rows.items():
        answer = client.get(reverse("annex", args=[mission.reference, row.uuid]))
        if answer.status_code == 200:
            assert b"".join(answer) == PDF
            opened.add(kind)
    assert opened == read
    stored = [row.file.get_absolute_url() for row in rows.values()]
    assert {client.get(where).status_code for where in stored} == {404}
    page = client.get(address(mission))
    if page.status_code == 200:
        named = {kind for kind, row in rows.items() if str(row.uuid) in page.text}
        assert named == read


def test_papers_given_once_serve_the_next_request(world: World) -> None:
    first = start(world)
    join(first, AnnexKind.STATUTES, world.osim, "vieux.pdf")
    join(first, AnnexKind.STATUTES, world.osim, "statuts.pdf")
    join(first, AnnexKind.AGREEMENT, world.osim)
    second = start(world, title="Une autre mission")
    assert [row.file.name for row in annexes_of(second)] == ["statuts.pdf"]
    remove_annex(annexes_of(second)[0], actor=world.osim)
    assert [row.kind for row in annexes_of(first)] == ["statutes", "agreement"]


def test_papers_are_not_given_to_who_types_on_behalf(world: World) -> None:
    join(start(world), AnnexKind.STATUTES, world.osim)
    other = start(world, world.coordinator, on_behalf=True, title="Pour elle")
    assert annexes_of(other) == []


def test_step_joins_and_removes_without_script(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    where = step_address(mission, "securite")
    sent = filled(client, mission, "securite") | {"insurance": "Contrat 12", "go": "next"}
    upload = SimpleUploadedFile("statuts.pdf", PDF)
    answer = client.post(where, sent | {"annex_statutes": upload})
    assert answer.headers["Location"] == address(mission)
    (row,) = annexes_of(mission)
    sent = filled(client, mission, "securite") | {"insurance": "Contrat 13"}
    client.post(where, sent | {"remove": str(row.uuid)})
    assert annexes_of(mission) == []
    mission.request.refresh_from_db()
    assert mission.request.insurance == "Contrat 13"


def test_script_gets_the_row_or_the_reason(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    where = reverse("request_annexes", args=[mission.reference])

    def send(name: str, data: bytes) -> tuple[int, str]:
        sent = {"kind": "statutes", "token": str(uuid4()), "file": SimpleUploadedFile(name, data)}
        answer = client.post(where, sent, headers={"X-Upload": "1"})
        return answer.status_code, answer.text

    status, row = send("statuts.pdf", PDF)
    assert status == 200 and row.startswith("<li") and "statuts.pdf" in row
    status, reason = send("statuts.pdf", b"MZ")
    assert status == 422 and "n’est pas un PDF" in reason and "<" not in reason
    assert client.post(where, {"kind": "inconnue"}).status_code == 422
