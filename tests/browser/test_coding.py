"""Coding in the browser: offsets count what Python counts, whatever is on the page."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import day
from tests.browser.conftest import Person
from tests.browser.crowd import Crowd
from tests.browser.site import Site

#: Signs outside the first plane, joined signs, combined accents, spaces that do not break.
ANSWER = (
    "Le premier jour 🌍, on a goûté le sel 👩🏾‍🌾 des marais : « trop humide », disait-on. "
    "Puis la famille 👨‍👩‍👧‍👦 est venue, et l’atelier a commencé e\u0301tape par étape 🧂🧂. "
    "À la fin, 𝟚𝟝 personnes savaient 🥳 conduire une table salante sans nous."
)

#: Selects `[start:end[` of a block, counted in code points, as a hand would.
SELECT = """([block, start, end]) => {
  const text = document.querySelectorAll('.coding-text')[block];
  const point = (wanted) => {
    const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let seen = 0, last = null;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const signs = [...node.data];
      if (wanted <= seen + signs.length) {
        return [node, signs.slice(0, wanted - seen).join('').length];
      }
      seen += signs.length;
      last = node;
    }
    return [last, last.data.length];
  };
  const range = document.createRange();
  range.setStart(...point(start));
  range.setEnd(...point(end));
  const chosen = getSelection();
  chosen.removeAllRanges();
  chosen.addRange(range);
}"""


@dataclass
class Told:
    """An interview held for these tests, and the text it gave."""

    interview: str
    text: str
    questions: list[int]


def hold(site: Site, crowd: Crowd, answer: str) -> Told:
    """An interview of the researcher on a mission that is back, told in `answer`."""
    reference, guide = site.rows(
        "SELECT m.reference, g.id FROM missions_mission m"
        " JOIN capitalisation_interviewguide g ON g.programme_id = m.programme_id"
        " WHERE m.state IN ('capitalisation', 'follow_up', 'closed') AND g.moment = 'after'"
        " AND g.audience = 'osim' ORDER BY m.reference, g.version DESC LIMIT 1"
    )[0]
    here = f"/missions/{reference}/entretiens/"
    label = f"Association, essai {uuid4().hex[:6]}"
    planned = {"guide": str(guide), "person_label": label, "token": str(uuid4())}
    assert crowd.post("researcher", here, **planned).status == 302
    uuid = site.value(
        "SELECT uuid::text FROM capitalisation_interview WHERE person_label = %s", label
    )
    interview = f"/capitalisation/entretiens/{uuid}/"
    accepted = {
        "notes": "on",
        "transcription": "on",
        "quote_level": "anonymous",
        "circle": "public",
        "collected_on": day(),
        "proof": "Accord oral",
    }
    assert crowd.post("researcher", f"{interview}accord/", **accepted).status == 302
    query = "SELECT id FROM capitalisation_guidequestion WHERE guide_id = %s ORDER BY position, id"
    questions = [row[0] for row in site.rows(query, guide)]
    told = Told(interview, "", questions)
    write(crowd, site, told, answer, complete="1")
    told.text = site.value(
        "SELECT uuid::text FROM capitalisation_text WHERE source = %s", f"interview:{uuid}"
    )
    return told


def write(crowd: Crowd, site: Site, told: Told, answer: str, **more: str) -> None:
    version = site.value(
        "SELECT version FROM capitalisation_interview WHERE uuid = %s",
        told.interview.rstrip("/").rpartition("/")[2],
    )
    answers = {f"answer-{pk}": f"{answer} ({pk})" for pk in told.questions}
    fields = {**answers, "version": str(version), "held_on": day(), **more}
    assert crowd.post("researcher", f"{told.interview}reponses/", **fields).status == 302


@pytest.fixture
def told(site: Site, crowd: Crowd) -> Told:
    return hold(site, crowd, ANSWER)


def body_of(page: Page, site: Site) -> str:
    version = page.locator("#coder input[name=version]").input_value()
    return str(
        site.value("SELECT body FROM capitalisation_textversion WHERE id = %s", int(version))
    )


def select(page: Page, block: int, start: int, end: int) -> tuple[int, int, str]:
    """What the form holds once the page has seen the selection."""
    page.evaluate(SELECT, [block, start, end])
    expect(page.locator("#coder")).to_be_visible()
    page.wait_for_function(
        "text => document.querySelector('[data-quote-shown]').textContent === text",
        arg=page.evaluate("getSelection().getRangeAt(0).toString()"),
    )
    form = page.locator("#coder")
    return (
        int(form.locator("input[name=start]").input_value()),
        int(form.locator("input[name=end]").input_value()),
        form.locator("textarea[name=quote]").input_value(),
    )


@pytest.mark.slow
def test_offsets_are_those_of_the_text_across_marks_and_emoji(
    site: Site, told: Told, arrive: Callable[..., Person]
) -> None:
    researcher = arrive("researcher")
    page = researcher.open(f"/capitalisation/textes/{told.text}/")
    body = body_of(page, site)
    assert "👩🏾‍🌾" in body
    blocks = page.locator(".coding-text")
    starts = blocks.evaluate_all("blocks => blocks.map(b => Number(b.dataset.start))")
    lengths = blocks.evaluate_all("blocks => blocks.map(b => [...b.textContent].length)")
    codes = page.locator("#codes option").evaluate_all("options => options.map(o => o.value)")
    drawn = random.Random(22)
    coded = 0
    for turn in range(24):
        block = drawn.randrange(min(2, len(starts)))
        start = drawn.randrange(lengths[block] - 2)
        end = drawn.randrange(start + 1, min(start + 90, lengths[block]))
        first, last, quote = select(page, block, start, end)
        where = (starts[block] + start, starts[block] + end)
        assert (first, last) == where, f"tour {turn}"
        assert quote == body[first:last], f"tour {turn}"
        if turn % 3 == 0:
            page.locator("#code-choisi").fill(drawn.choice(codes))
            page.locator("#code-choisi").press("Enter")
            coded += 1
            expect(page.locator("#coder")).to_be_hidden()
            expect(page.locator("#codage-dit")).to_contain_text("Passage codé")
    kept = site.rows(
        "SELECT e.start, e.end, e.quote FROM capitalisation_excerpt e"
        " JOIN capitalisation_textversion v ON v.id = e.version_id"
        " JOIN capitalisation_text t ON t.id = v.text_id WHERE t.uuid = %s",
        told.text,
    )
    assert len(kept) == coded
    assert all(body[first:last] == quote for first, last, quote in kept)
    assert page.locator(".coding-text mark").count() >= coded
    shown = blocks.evaluate_all("blocks => blocks.map(b => b.textContent)")
    wholes = zip(starts, lengths, strict=True)
    assert shown == [body[start : start + length] for start, length in wholes]
    researcher.shot("codage-emoji-1280")


def test_passage_of_a_text_that_changed_is_refused_and_said(
    site: Site, crowd: Crowd, told: Told, arrive: Callable[..., Person]
) -> None:
    page = arrive("researcher").open(f"/capitalisation/textes/{told.text}/")
    select(page, 0, 3, 20)
    write(crowd, site, told, f"Réponse reprise. {ANSWER}", complete="1")
    page.locator("#code-choisi").fill(
        page.locator("#codes option").first.get_attribute("value") or ""
    )
    with page.expect_response("**/coder/") as answer:
        page.locator("#code-choisi").press("Enter")
    assert answer.value.status == 409
    expect(page.locator("#codage-dit")).to_contain_text("Le texte a changé")
    expect(page.locator("#codage-dit")).to_have_class("coding-refused")
    expect(page.locator("#coder")).to_be_visible()


def test_unknown_code_is_refused_and_the_passage_stays(
    told: Told, arrive: Callable[..., Person]
) -> None:
    page = arrive("researcher").open(f"/capitalisation/textes/{told.text}/")
    *_, quote = select(page, 0, 0, 12)
    page.locator("#code-choisi").fill("Rien de tel dans la grille")
    page.locator("#code-choisi").press("Enter")
    expect(page.locator("#codage-dit")).to_contain_text("n’est pas un code de la grille")
    expect(page.locator("#coder textarea[name=quote]")).to_have_value(quote)
    expect(page.locator("#code-choisi")).to_have_value("Rien de tel dans la grille")


def test_session_that_ended_leaves_the_passage_to_be_sent_again(
    told: Told, arrive: Callable[..., Person]
) -> None:
    person = arrive("researcher")
    page = person.open(f"/capitalisation/textes/{told.text}/")
    select(page, 0, 0, 12)
    page.locator("#code-choisi").fill(
        page.locator("#codes option").first.get_attribute("value") or ""
    )
    [session] = [one for one in person.context.cookies() if one["name"] == "sessionid"]
    person.context.clear_cookies(name="sessionid")
    page.locator("#code-choisi").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Votre session a pris fin")
    link = page.locator("#messages").get_by_role("link")
    expect(link).to_have_attribute("target", "_blank")
    expect(page.locator("#coder")).to_be_visible()
    # signed in again in another tab: the session and its token are new
    person.context.add_cookies([dict(session)])  # type: ignore[list-item]
    page.evaluate("document.querySelector('#coder [name=csrfmiddlewaretoken]').value = 'périmé'")
    page.locator("#code-choisi").press("Enter")
    expect(page.locator("#codage-dit")).to_contain_text("Passage codé")
    person.complaints[:] = [line for line in person.complaints if "401" not in line]


@pytest.mark.parametrize("gesture", ["triple", "over"])
def test_selection_that_leaves_its_block_opens_on_what_is_inside(
    told: Told, arrive: Callable[..., Person], gesture: str
) -> None:
    """A triple click ends in what follows the block; a hand slips into the next one."""
    page = arrive("researcher").open(f"/capitalisation/textes/{told.text}/")
    first = page.locator(".coding-text").first
    if gesture == "triple":
        first.click(click_count=3)
        assert not first.evaluate("it => it.contains(getSelection().getRangeAt(0).endContainer)")
        start = 0
    else:
        page.evaluate(
            """() => {
              const [one, two] = document.querySelectorAll('.coding-text');
              getSelection().setBaseAndExtent(one.firstChild, 3, two.firstChild, 5);
            }"""
        )
        start = 3
    form = page.locator("#coder")
    expect(form).to_be_visible()
    whole = first.text_content() or ""
    expect(form.locator("textarea[name=quote]")).to_have_value(whole[start:])
    assert form.locator("input[name=start]").input_value() == str(start)
    page.locator("#code-choisi").fill(
        page.locator("#codes option").first.get_attribute("value") or ""
    )
    page.locator("#code-choisi").press("Enter")
    expect(page.locator("#codage-dit")).to_contain_text("Passage codé")
