"""The pictures of the guides, taken on the real site filled with the demo data.

They go to tests/screenshots/guides; with GUIDE_PICTURES=1 also to docs/images, where the guides
find them (see docs/README.md).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import SHOTS, Person
from tests.browser.site import ROOT, Site

Where = str | Callable[[Site], str]
pytestmark = pytest.mark.slow

IMAGES = ROOT / "docs/images"
#: Enough for screens of flat colours; a photograph would show bands.
COLOURS = 128
HEAVIEST = 150_000

OF_A_MEMBER = """
SELECT m.reference FROM missions_mission m JOIN missions_project p ON p.id = m.project_id
JOIN accounts_membership k ON k.organisation_id = p.holder_id
JOIN accounts_user u ON u.id = k.user_id
WHERE u.email = %s AND m.state = ANY(%s) ORDER BY m.reference DESC LIMIT 1
"""
OF_A_VOLUNTEER = """
SELECT m.reference, e.token::text FROM missions_engagement e
JOIN missions_mission m ON m.id = e.mission_id JOIN missions_volunteer v ON v.id = e.volunteer_id
JOIN accounts_user u ON u.id = v.user_id
WHERE u.email = 'volontaire@demo.explor.example' AND m.state = %s LIMIT 1
"""
OF_ANYONE = "SELECT reference FROM missions_mission WHERE state = %s ORDER BY reference LIMIT 1"


def osim(tail: str, *states: str) -> Where:
    """A page of the newest mission in one of `states` that the demo association holds."""

    def where(site: Site) -> str:
        reference = site.value(OF_A_MEMBER, "osim@demo.explor.example", list(states))
        return f"/missions/{reference}/{tail}"

    return where


def volunteer(tail: str, state: str) -> Where:
    return lambda site: f"/missions/{site.value(OF_A_VOLUNTEER, state)}/{tail}"


def proposal(site: Site) -> str:
    return f"/propositions/{site.rows(OF_A_VOLUNTEER, 'matching')[0][1]}/"


def mission(tail: str, state: str) -> Where:
    return lambda site: f"/missions/{site.value(OF_ANYONE, state)}/{tail}"


def coded_text(site: Site) -> str:
    uuid = site.value(
        "SELECT t.uuid::text FROM capitalisation_text t"
        " JOIN capitalisation_textversion v ON v.text_id = t.id"
        " JOIN capitalisation_excerpt e ON e.version_id = v.id WHERE t.kind = 'interview'"
        " GROUP BY t.uuid, t.title ORDER BY count(*) DESC, t.title LIMIT 1"
    )
    return f"/capitalisation/textes/{uuid}/"


def organisation_to_join(site: Site) -> str:
    """The association that somebody asks to join."""
    uuid = site.value(
        "SELECT o.uuid::text FROM accounts_organisation o"
        " JOIN accounts_joinrequest j ON j.organisation_id = o.id ORDER BY j.id LIMIT 1"
    )
    return f"/organisations/{uuid}/"


def person_of_osim(site: Site) -> str:
    uuid = site.value(
        "SELECT uuid::text FROM accounts_user WHERE email = %s", "osim@demo.explor.example"
    )
    return f"/reglages/personnes/{uuid}/"


def draft_booklet(site: Site) -> str:
    slug = site.value("SELECT slug FROM capitalisation_booklet WHERE state = 'draft' LIMIT 1")
    return f"/publications/livrets/{slug}/"


def frozen_month(site: Site) -> str:
    month = site.value(
        "SELECT max(month) FROM capitalisation_committeemonth WHERE frozen_at IS NOT NULL"
    )
    return f"/comite/{month.year}/{month.month}/"


LAST_SITTING = (
    "SELECT s.uuid::text, i.id FROM capitalisation_committeesession s"
    " JOIN capitalisation_agendaitem i ON i.session_id = s.id WHERE s.state = %s"
    " ORDER BY s.starts_at DESC, i.position LIMIT 1"
)


def sitting(site: Site) -> str:
    """The sitting to come, with its agenda."""
    ((uuid, _),) = site.rows(LAST_SITTING, "planned")
    return f"/comite/seances/{uuid}/"


def sitting_point(site: Site) -> str:
    """A mission as it was looked at in the last sitting held."""
    ((uuid, point),) = site.rows(LAST_SITTING, "closed")
    return f"/comite/seances/{uuid}/points/{point}/"


@dataclass(frozen=True)
class Picture:
    """`look_at` is brought to the top of the screen; `unfold` is clicked first."""

    name: str
    role: str
    where: Where
    phone: bool = False
    look_at: str = ""
    unfold: str = ""

    def path(self, site: Site) -> str:
        return self.where if isinstance(self.where, str) else self.where(site)


def on_phone(name: str, role: str, where: Where, *, look_at: str = "", unfold: str = "") -> Picture:
    return Picture(name, role, where, True, look_at, unfold)


PICTURES = [
    on_phone("osim-nouvelle", "osim", "/missions/nouvelle/"),
    on_phone(
        "osim-demande",
        "osim",
        osim("demande/", "draft"),
        look_at="#partie-partenaire",
    ),
    on_phone(
        "osim-mission",
        "osim",
        osim("", "preparation"),
        look_at="h1",
        unfold="summary:has-text('Étapes de la mission')",
    ),
    on_phone("osim-membres", "osim", organisation_to_join),
    on_phone("osim-financement", "osim", osim("financement/", "preparation"), look_at="#depenses"),
    on_phone("osim-decision", "osim", osim("decision/", "preparation", "field"), look_at="main h2"),
    on_phone("osim-messages", "osim", osim("messages/", "preparation"), look_at="#ecrire"),
    on_phone("volontaire-proposition", "volunteer", proposal),
    on_phone(
        "volontaire-preparation",
        "volunteer",
        volunteer("preparation/", "preparation"),
        look_at="main section h2",
    ),
    on_phone(
        "volontaire-rapport", "volunteer", volunteer("rapport/", "report"), look_at="#objectifs"
    ),
    on_phone("mission-telephone", "osim", osim("", "report")),
    Picture("accueil-coordination", "coordinator", "/accueil/"),
    Picture("coordination-missions", "coordinator", "/missions/"),
    Picture(
        "coordination-instruction",
        "coordinator",
        mission("instruction/", "review"),
        look_at="main form",
    ),
    Picture(
        "coordination-mise-en-relation",
        "coordinator",
        mission("mise-en-relation/", "matching"),
        look_at="main section:nth-of-type(3)",
    ),
    Picture(
        "coordination-preparation",
        "coordinator",
        mission("preparation/", "preparation"),
        look_at="main .callout",
    ),
    Picture(
        "coordination-financement",
        "coordinator",
        mission("financement/", "preparation"),
        look_at="main .callout",
    ),
    Picture("capitalisation-corpus", "researcher", "/capitalisation/"),
    Picture("capitalisation-codage", "researcher", coded_text, look_at="#texte"),
    Picture("capitalisation-analyse", "researcher", "/capitalisation/analyse-croisee/"),
    Picture("capitalisation-livret", "researcher", draft_booklet),
    Picture("comite-mois", "committee", frozen_month),
    on_phone("comite-seance", "committee", sitting_point, look_at="#sitting-live"),
    Picture("coordination-seance", "coordinator", sitting),
    Picture("comite-decision", "committee", mission("decision/", "committee"), look_at="#decider"),
    Picture("administration-acteurs", "administrator", "/acteurs/"),
    Picture("administration-personne", "administrator", person_of_osim),
    Picture("administration-enveloppes", "administrator", "/reglages/enveloppes/"),
    Picture("administration-compte", "administrator", "/compte/"),
]


def settle(page: Page, picture: Picture) -> None:
    """The same picture each time: unfolded, fonts there, placed."""
    if picture.unfold:
        page.locator(picture.unfold).first.click()
    page.evaluate("document.fonts.ready.then(() => null)")
    if picture.look_at:
        target = page.locator(picture.look_at).first
        target.evaluate(
            "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - "
            "(document.querySelector('header')?.offsetHeight ?? 0) - 16)"
        )


def lighter(png: bytes) -> bytes:
    """Fewer colours: a third of the weight, no difference to the eye."""
    flat = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture_shows_the_page_of_the_guide(
    arrive: Callable[..., Person], picture: Picture
) -> None:
    person = arrive(picture.role, phone=picture.phone)
    path = picture.path(person.site)
    page = person.open(path)
    assert page.url.removeprefix(person.site.url) == path
    settle(page, picture)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{path} : déborde de {wide} px"
    image = lighter(page.screenshot())
    assert len(image) <= HEAVIEST
    folders = [SHOTS / "guides"] + [IMAGES] * (os.environ.get("GUIDE_PICTURES") == "1")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{picture.name}.png").write_bytes(image)
