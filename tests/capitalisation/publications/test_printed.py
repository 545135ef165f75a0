"""A booklet comes out only as what it prints still is; where words came out is known."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from capitalisation.analysis.actions import write_focus
from capitalisation.corpus.actions import add_pseudonym, set_quote_level
from capitalisation.corpus.models import Circle, QuoteLevel
from capitalisation.interviews.actions import delete_interview, withdraw_consent
from capitalisation.practices import actions as practices
from capitalisation.publications import actions
from capitalisation.publications.models import Booklet, BookletState
from capitalisation.publications.printed_models import PrintedPiece, Printing
from capitalisation.publications.printed_queries import out_and_unfit
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions.dossier.models import SheetState
from missions.dossier.work import work_of
from tests.capitalisation.publications.test_actions import draft, proposed
from tests.capitalisation.story import Story

As = Callable[[str], Client]
SAID = "Nous avons parlé avec Awa avant de partir."


@pytest.fixture
def told(story: Story) -> Story:
    """A practice and a focus that quote one passage, a practice that quotes another."""
    story.hear(SAID)
    story.hear("On revient avec des questions.", mission=story.missions[1])
    story.practise(story.excerpts[0])
    story.practise(story.excerpts[1], title="Poser des questions")
    story.focus(*story.excerpts)
    return story


def approve(story: Story, booklet: Booklet) -> Booklet:
    return actions.approve_booklet(booklet, actor=story.world.administrator)


def out(story: Story) -> Booklet:
    return approve(story, proposed(story))


def test_pdf_is_kept_with_the_exact_words_it_prints(told: Story) -> None:
    booklet = proposed(told)
    pieces = PrintedPiece.objects.filter(printing__file=booklet.file)
    passages = pieces.filter(kind="passage", text=told.interviews[0].text)
    assert {(row.section, row.words, row.by, row.version) for row in passages} == {
        ("practices", SAID, "Ingénieure", told.excerpts[0].version.no),
        ("focuses", SAID, "Ingénieure", told.excerpts[0].version.no),
    }
    assert pieces.filter(kind="sheet").count() == 3
    assert pieces.filter(kind="practice").count() == 2
    assert pieces.filter(kind="focus").count() == 1


def narrow_circle(story: Story) -> None:
    text = story.interviews[0].text
    assert text is not None
    set_quote_level(text, QuoteLevel.FUNCTION, Circle.COMMITTEE, actor=None)


def quote_less(story: Story) -> None:
    text = story.interviews[0].text
    assert text is not None
    set_quote_level(text, QuoteLevel.ANONYMOUS, Circle.PUBLIC, actor=None)


def hide_a_name(story: Story) -> None:
    add_pseudonym(story.missions[0], term="Awa", replacement="une collègue", actor=None)


def change_evidence(story: Story) -> None:
    practice = story.world.programme.practices.get(title="Se parler avant de partir")
    practices.set_evidence(practice, story.excerpts[1:], actor=story.world.researcher)
    practices.propose_practice(practice, actor=story.world.researcher)
    practices.approve_practice(practice, actor=story.world.coordinator)


def rewrite_practice(story: Story) -> None:
    practice = story.world.programme.practices.first()
    practices.save_practice(practice, {"body": "Autre chose."}, actor=story.world.researcher)


def rewrite_focus(story: Story) -> None:
    focus = story.world.programme.focuses.get()
    write_focus(focus, title=focus.title, article="Autre.", actor=story.world.researcher)


def take_a_sheet_back(story: Story) -> None:
    story.missions[2].sheet_state = SheetState.PROPOSED
    story.missions[2].save(update_fields=["sheet_state"])


def rewrite_a_sheet(story: Story) -> None:
    story.missions[2].summary = "Un tout autre résumé."
    story.missions[2].save(update_fields=["summary"])


CHANGES = {
    "consentement a été retiré": lambda story: withdraw_consent(story.interviews[0], actor=None),
    "consentement": lambda story: delete_interview(
        story.interviews[0], actor=None, because="À sa demande."
    ),
    "passage cité": narrow_circle,
    "Se parler avant de partir » n’est plus": quote_less,
    "bonne pratique": rewrite_practice,
    "un passage": change_evidence,
    "récrit": rewrite_focus,
    "fiche": take_a_sheet_back,
    "a changé": rewrite_a_sheet,
}


@pytest.mark.parametrize(("says", "change"), CHANGES.items(), ids=list(CHANGES))
def test_booklet_does_not_come_out_when_what_it_prints_has_changed(
    told: Story, says: str, change: Callable[[Story], None]
) -> None:
    booklet = proposed(told)
    change(told)
    with pytest.raises(Refusal, match=says):
        approve(told, booklet)
    booklet.refresh_from_db()
    assert booklet.state == BookletState.PROPOSED
    assert booklet.file is not None and not booklet.file.public


def test_a_name_hidden_since_the_pdf_stops_it(told: Story) -> None:
    booklet = proposed(told)
    hide_a_name(told)
    with pytest.raises(Refusal, match="passage"):
        approve(told, booklet)
    assert booklet.file is not None
    booklet.file.refresh_from_db()
    assert booklet.file.is_closed


def test_what_did_not_change_comes_out(told: Story) -> None:
    told.hear("Une parole de plus, qui ne change rien à ce qui est imprimé.")
    booklet = proposed(told)
    told.hear("Encore une, arrivée ensuite.")
    assert approve(told, booklet).state == BookletState.PUBLISHED


def test_pdf_that_prints_withdrawn_words_is_read_by_nobody(told: Story, as_role: As) -> None:
    booklet = proposed(told)
    assert booklet.file is not None
    team = [told.world.person(role) for role in ("researcher", "committee", "administrator")]
    assert all(booklet.file.is_visible_to(person) for person in team)
    withdraw_consent(told.interviews[0], actor=None)
    booklet.file.refresh_from_db()
    assert not any(booklet.file.is_visible_to(person) for person in team)
    url = booklet.file.get_absolute_url()
    assert as_role("researcher").get(url).status_code == 404
    page = as_role("coordinator").get(booklet.get_absolute_url()).content.decode()
    assert "Ce PDF est à refaire" in page
    assert url not in page


def test_approval_is_of_the_pdf_that_was_read(told: Story, as_role: As) -> None:
    booklet = proposed(told)
    assert booklet.file is not None
    read = str(booklet.file.uuid)
    actions.return_booklet(booklet, because="À refaire.", actor=told.world.coordinator)
    assert Notice.objects.filter(recipient=told.world.researcher, event="reread").exists()
    actions.attach_pdf(booklet, b"%PDF-1.7 autre", actor=told.world.researcher)
    actions.propose_booklet(booklet, actor=told.world.researcher)
    url = reverse("booklet_step", args=[booklet.slug, "approuver"])
    as_role("coordinator").post(url, {"read": read})
    booklet.refresh_from_db()
    assert booklet.state == BookletState.PROPOSED
    page = as_role("coordinator").get(booklet.get_absolute_url()).content.decode()
    assert str(booklet.file.uuid) in page
    as_role("coordinator").post(url, {"read": str(booklet.file.uuid)})
    booklet.refresh_from_db()
    assert booklet.state == BookletState.PUBLISHED


def errands(story: Story, role: str) -> list[str]:
    found = work_of(story.world.person(role)).errands.to_do
    return [errand.says for errand in found if errand.kicker.startswith("Livret")]


def test_proposed_booklet_waits_for_who_may_approve_it(told: Story) -> None:
    proposed(told)
    assert errands(told, "researcher") == []
    for role in ("coordinator", "administrator"):
        assert len(errands(told, role)) == 1


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
def test_published_booklet_that_prints_withdrawn_words_is_told(
    told: Story, as_role: As, how: str
) -> None:
    booklet = out(told)
    assert not out_and_unfit().exists()
    page = as_role("researcher").get(told.interviews[0].get_absolute_url()).content.decode()
    assert f"{booklet.title}, paru le" in page
    if how == "withdrawn":
        withdraw_consent(told.interviews[0], actor=None)
    else:
        delete_interview(told.interviews[0], actor=None, because="À sa demande.")
    assert list(out_and_unfit()) == [booklet]
    for role in ("researcher", "coordinator"):
        told_of = Notice.objects.filter(
            recipient=told.world.person(role), url=booklet.get_absolute_url()
        )
        assert told_of.filter(event="consent_withdrawn").exists()
        assert "ne peuvent plus" in errands(told, role)[0]
    assert PrintedPiece.objects.filter(words=SAID).exists() == (how == "withdrawn")
    for name in ("booklet", "booklet_printed"):
        page = as_role("committee").get(reverse(name, args=[booklet.slug])).content.decode()
        assert SAID not in page
    actions.return_booklet(booklet, because="Paroles reprises.", actor=told.world.coordinator)
    assert booklet.file is not None
    assert as_role("researcher").get(booklet.file.get_absolute_url()).status_code == 404
    assert errands(told, "researcher") == []


def test_words_are_found_in_the_booklets_that_are_out(told: Story, as_role: As) -> None:
    url = reverse("booklet_words")
    booklet = proposed(told)
    client = as_role("researcher")
    assert booklet.title not in client.get(url, {"q": "avec Awa"}).content.decode()
    approve(told, booklet)
    page = client.get(url, {"q": "avec Awa"}).content.decode()
    assert f"{booklet.title}, paru le" in page
    assert SAID in page
    withdraw_consent(told.interviews[0], actor=None)
    page = client.get(url, {"q": "avec Awa"}).content.decode()
    assert f"{booklet.title}, paru le" in page
    assert SAID not in page


def test_public_page_lists_only_what_is_printed(told: Story) -> None:
    booklet = out(told)
    told.practise(told.excerpts[0], title="Une pratique venue après")
    page = Client().get(reverse("publication", args=[booklet.slug])).content.decode()
    assert "Poser des questions" in page
    assert "Une pratique venue après" not in page


def test_pdf_without_what_it_prints_does_not_come_out(told: Story) -> None:
    booklet = proposed(told)
    Printing.objects.all().delete()
    with pytest.raises(Refusal, match="relisez"):
        approve(told, booklet)


def test_new_booklet_is_written_before_its_pdf(told: Story) -> None:
    with pytest.raises(Refusal, match="Fabriquez d’abord"):
        actions.propose_booklet(draft(told), actor=told.world.researcher)
