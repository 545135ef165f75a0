"""The components say in words what their colours say."""

from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from explor import clock
from explor.ui.components import Stage, Step, Tab
from explor.ui.html import marked_difference


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class MissionForm(forms.Form):
    title = forms.CharField(label="Titre", help_text="Une ligne.")
    country = forms.ChoiceField(label="Pays", choices=[("BJ", "Bénin")], required=False)
    kind = forms.ChoiceField(label="Type", choices=[("a", "Étude")], widget=forms.RadioSelect)


def test_badge_shows_a_word_and_an_icon_beside_its_tone() -> None:
    html = draw('{% badge "En retard" "alert" %}')
    assert 'class="badge tone-alert"' in html
    assert html.endswith("En retard</span>")
    assert '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">' in html


def test_badge_of_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="rouge"):
        draw('{% badge "En retard" "rouge" %}')


def test_badge_escapes_what_people_typed() -> None:
    assert "<script>" not in draw("{% badge label %}", label="<script>")


@pytest.mark.parametrize(
    ("day", "done", "words"),
    [
        (date(2026, 3, 1), False, "En retard de 9\u00a0jours"),
        (date(2026, 3, 9), False, "En retard de 1\u00a0jour"),
        (date(2026, 3, 10), False, "aujourd’hui"),
        (date(2026, 3, 11), False, "demain"),
        (date(2026, 4, 10), False, "(dans 31\u00a0jours)"),
    ],
)
def test_due_says_how_far_the_day_is(day: date, done: bool, words: str) -> None:
    with clock.at(date(2026, 3, 10)):
        assert words in draw("{% due day done %}", day=day, done=done)


def test_due_of_something_done_is_never_late() -> None:
    with clock.at(date(2026, 3, 10)):
        html = draw("{% due day True %}", day=date(2026, 3, 1))
    assert html == '<time datetime="2026-03-01">1\u00a0mars\u00a02026</time>'


def test_action_button_posts_with_its_hidden_fields() -> None:
    html = draw('{% action_button "/go/" "Accepter" primary=True hidden=h %}', h={"version": 3})
    assert 'method="post" action="/go/"' in html
    assert '<input type="hidden" name="version" value="3">' in html
    assert "<details" not in html


def test_action_button_asks_for_its_reason_before_acting() -> None:
    html = draw('{% action_button "/go/" "Refuser" danger=True reason="Motif" %}')
    assert html.index("<details") < html.index('name="reason"') < html.index("Confirmer : Refuser")
    assert "required></textarea>" in html


def test_action_button_with_an_optional_reason_requires_nothing() -> None:
    html = draw('{% action_button "/go/" "Suspendre" reason="Motif" optional=True %}')
    assert "required" not in html


def test_timeline_marks_where_the_mission_is() -> None:
    html = draw(
        "{% timeline stages %}",
        stages=[Stage("Dépôt", "done", date(2026, 1, 12)), Stage("Terrain", "current")],
    )
    assert html.count('aria-current="step"') == 1
    assert '<time class="stage-date" datetime="2026-01-12">12 jan' in html
    assert " : en cours" in html


def test_stepper_says_the_step_in_words() -> None:
    steps = [Step("Projet", "/1/", "error"), Step("Budget", "/2/", "current")]
    html = draw("{% stepper steps %}", steps=steps)
    assert "Étape 2 sur 2" in html
    assert " : à compléter" in html


def test_tabs_mark_the_current_one() -> None:
    html = draw("{% tabs items %}", items=[Tab("À moi", "?a", True, 4), Tab("Tout", "?b")])
    assert html.count('aria-current="page"') == 1
    assert '<span class="count">4</span>' in html


def test_facts_leave_empty_values_out_but_keep_zero() -> None:
    html = draw("{% facts rows %}", rows=[("Durée", ""), ("Coût", 0), ("Zone", None)])
    assert "Durée" not in html
    assert "Zone" not in html
    assert "<dd>0</dd>" in html


def test_field_ties_its_help_and_its_error_to_the_input() -> None:
    html = draw("{% field form.title %}", form=MissionForm({"title": "", "kind": "a"}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<label class="form-label" for="id_title">' in html


def test_field_of_several_choices_is_a_group_with_a_legend() -> None:
    html = draw("{% field form.kind %}", form=MissionForm())
    assert html.index("<fieldset") < html.index("<legend") < html.index('class="form-check-input"')


def test_form_errors_lead_to_each_field() -> None:
    html = draw("{% form_errors form %}", form=MissionForm({}))
    assert 'href="#id_title"' in html
    assert "Rien n’est perdu" in html


def test_form_errors_of_a_valid_form_say_nothing() -> None:
    form = MissionForm({"title": "Sel", "kind": "a"})
    assert draw("{% form_errors form %}", form=form).strip() == ""


def test_pagination_keeps_the_filters_of_the_address() -> None:
    page = Paginator(range(100), 25).page(2)
    request = RequestFactory().get("/missions/?pays=BJ&page=2")
    html = draw("{% pagination page %}", page=page, request=request)
    assert 'rel="next" href="?pays=BJ&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_pagination_of_a_single_page_is_absent() -> None:
    page = Paginator(range(3), 25).page(1)
    assert draw("{% pagination page %}", page=page).strip() == ""


def test_filter_bar_offers_to_clear_only_what_was_asked() -> None:
    form, bare = MissionForm(), RequestFactory().get("/missions/")
    asked = RequestFactory().get("/missions/?country=BJ")
    assert "Effacer" not in draw("{% filter_bar form %}", form=form, request=bare)
    assert "Effacer" in draw("{% filter_bar form %}", form=form, request=asked)


def test_difference_marks_only_what_changed() -> None:
    left, right = marked_difference("deux points <mesurés>", "trois points <mesurés>")
    assert left == "<del>deux</del> points &lt;mesurés&gt;"
    assert right == "<ins>trois</ins> points &lt;mesurés&gt;"


def test_conflict_carries_the_version_it_will_replace() -> None:
    html = draw('{% conflict "ancien" "nouveau" 7 %}')
    assert '<input type="hidden" name="version" value="7">' in html
    assert "<del>ancien</del>" in html
    assert "<ins>nouveau</ins>" in html


def test_form_token_keeps_the_one_already_submitted() -> None:
    assert 'value="abc"' in draw('{% form_token "abc" %}')
    assert draw("{% form_token %}") != draw("{% form_token %}")


def test_progress_stops_asking_when_done() -> None:
    assert "hx-get" in draw('{% progress 40 "Fiches" url="/p/" %}')
    assert "hx-get" not in draw('{% progress 100 "Fini" url="/p/" done=True %}')


def test_file_link_says_kind_and_weight() -> None:
    html = draw('{% file_link "/f/" "Budget.xlsx" 20480 %}')
    assert "XLSX" in html
    assert "20,0" in html


def test_an_address_that_does_not_exist_is_empty() -> None:
    assert draw('{% url_if_any "no_such_route" %}') == ""
    assert draw('{% url_if_any "home" %}') == "/"


def test_crumbs_end_with_the_page_itself() -> None:
    html = draw('{% crumbs "Missions" "/missions/" "EX-2026-014" %}')
    assert '<a href="/missions/">Missions</a>' in html
    assert '<span aria-current="page">EX-2026-014</span>' in html
