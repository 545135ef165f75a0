import hashlib

import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.corpus.actions import (
    add_pseudonym,
    remove_pseudonym,
    set_quote_level,
    withdraw_text,
)
from capitalisation.corpus.models import Circle, QuoteLevel, Text, TextVersion
from capitalisation.corpus.queries import latest_version, reading_version, texts_for
from explor import clock
from explor.journal.models import Entry
from explor.ui.errors import Refusal
from missions.lifecycle import State
from tests.capitalisation.corpus.samples import make_text
from tests.factories import World


def freeze(version: TextVersion) -> None:
    version.frozen_at = clock.now()
    version.save(update_fields=["frozen_at"])


def test_a_text_has_two_wordings_whose_blocks_are_exact(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    add_pseudonym(mission, term="Kpomassé", replacement="une commune", actor=None)
    text = make_text(mission, "🍅 À Kpomasse\u0301.", "Puis 🌍 KPOMASSÉ encore.")
    original = latest_version(text, "original")
    assert original is not None
    reading = reading_version(text)
    assert original.body == "🍅 À Kpomassé.\n\nPuis 🌍 KPOMASSÉ encore."
    assert reading.body == "🍅 À une commune.\n\nPuis 🌍 une commune encore."
    for version in (original, reading):
        assert version.sha256 == hashlib.sha256(version.body.encode()).hexdigest()
        cut = [version.body[row.start : row.end] for row in version.blocks.all()]
        assert cut == version.body.split("\n\n")


def test_the_same_source_again_replaces_what_nobody_coded(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    first = make_text(mission, "Un.")
    again = make_text(mission, "Deux.")
    assert first.pk == again.pk
    assert list(again.versions.values_list("kind", "no", "body")) == [
        ("original", 1, "Deux."),
        ("pseudonymised", 1, "Deux."),
    ]


def test_a_frozen_wording_is_numbered_on_never_changed(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    text = make_text(mission, "Un.")
    freeze(reading_version(text))
    make_text(mission, "Deux.")
    assert reading_version(text).no == 2
    assert text.versions.get(kind="pseudonymised", no=1).body == "Un."


def test_the_same_words_again_make_no_version(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    text = make_text(mission, "Un.")
    freeze(reading_version(text))
    make_text(mission, "Un.")
    assert text.versions.count() == 2


def test_an_empty_text_stays_out_of_the_corpus(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    with pytest.raises(Refusal, match="vide"):
        make_text(mission, " \r\n ")
    assert not Text.objects.exists()


def test_a_pseudonym_remakes_the_wording_or_numbers_it_on(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    free = make_text(mission, "À Ouidah.", source="essai:1")
    coded = make_text(mission, "De Ouidah.", source="essai:2")
    freeze(reading_version(coded))
    row = add_pseudonym(mission, term="ouidah", replacement="une commune", actor=world.researcher)
    assert (reading_version(free).no, reading_version(free).body) == (1, "À une commune.")
    assert (reading_version(coded).no, reading_version(coded).body) == (2, "De une commune.")
    remove_pseudonym(row, actor=world.researcher)
    assert reading_version(free).body == "À Ouidah."
    journal = " ".join(Entry.objects.values_list("text", flat=True))
    assert "uidah" not in journal


@pytest.mark.parametrize("role", ["coordinator", "administrator", "osim", "stranger"])
def test_pseudonyms_belong_to_researchers(world: World, role: str) -> None:
    mission = world.mission(State.CAPITALISATION)
    with pytest.raises(PermissionDenied):
        add_pseudonym(mission, term="a", replacement="b", actor=world.person(role))
    assert not mission.pseudonyms.exists()


def test_a_term_has_one_pseudonym(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    add_pseudonym(mission, term="Ouidah", replacement="une commune", actor=None)
    with pytest.raises(Refusal, match="déjà"):
        add_pseudonym(mission, term="Ou\u00adïdah", replacement="un port", actor=None)
    with pytest.raises(Refusal, match="se lit encore"):
        add_pseudonym(mission, term="Hélène", replacement="la fille d’Helene", actor=None)
    with pytest.raises(Refusal, match="Écrivez le terme"):
        add_pseudonym(mission, term="\u00ad…", replacement="une commune", actor=None)


def test_a_text_of_no_mission_takes_the_terms_of_all(world: World) -> None:
    here, there = world.mission(State.CAPITALISATION), world.mission(State.CAPITALISATION)
    add_pseudonym(here, term="Ouidah", replacement="une commune", actor=None)
    text = make_text(here, "De Ouidah à Lomé, par Cotonou.", source="essai:0")
    notes = make_text(None, "De Ouidah à Lomé, par Cotonou.", programme=world.programme)
    assert reading_version(notes).body == "De une commune à Lomé, par Cotonou."
    freeze(reading_version(notes))
    add_pseudonym(there, term="Lomé", replacement="une ville", actor=None)
    assert reading_version(notes).body == "De une commune à une ville, par Cotonou."
    assert reading_version(text).body == "De une commune à Lomé, par Cotonou."


def test_a_term_of_the_programme_is_hidden_everywhere(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    text = make_text(mission, "À Ouidah, avec Hélène.", source="essai:0")
    notes = make_text(None, "À Ouidah, avec Hélène.", programme=world.programme)
    row = add_pseudonym(
        world.programme, term="Helene", replacement="une élue", actor=world.researcher
    )
    add_pseudonym(mission, term="HÉLÈNE", replacement="une habitante", actor=None)
    assert reading_version(text).body == "À Ouidah, avec une habitante."
    remove_pseudonym(row, actor=world.researcher)
    assert reading_version(notes).body == "À Ouidah, avec une habitante."
    with pytest.raises(PermissionDenied):
        add_pseudonym(world.programme, term="a", replacement="b", actor=world.coordinator)


def test_a_withdrawn_text_is_read_quoted_and_poured_no_more(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    text = make_text(mission, "Un.", quote_level=QuoteLevel.NAMED, circle=Circle.PUBLIC)
    assert list(texts_for(world.researcher)) == [text]
    text = withdraw_text(text, actor=None)
    assert (text.quote_level, text.circle) == (QuoteLevel.NONE, Circle.TEAM)
    assert not texts_for(world.researcher).exists()
    with pytest.raises(Refusal, match="retiré"):
        make_text(mission, "Deux.")
    with pytest.raises(Refusal, match="retiré"):
        set_quote_level(text, QuoteLevel.NAMED, Circle.PUBLIC, actor=None)


def test_a_researcher_with_a_declared_tie_reads_nothing_of_the_mission(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_text(mission, "Un.")
    mission.conflicts.create(user=world.researcher, declared_at=clock.now(), nature="parenté")
    assert not texts_for(world.researcher).exists()


@pytest.mark.parametrize("role", ["coordinator", "administrator", "committee", "stranger"])
def test_texts_are_for_researchers_only(world: World, role: str) -> None:
    make_text(world.mission(State.CAPITALISATION), "Un.")
    assert not texts_for(world.person(role)).exists()
