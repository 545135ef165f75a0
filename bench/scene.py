"""What the measures need of a filled database, told as JSON: cookies and addresses.

Run in the environment of a site: `python -m bench.scene [--long-text]`.
"""

import json
import os
import sys

import django

django.setup()

from hashlib import sha256  # noqa: E402
from random import Random  # noqa: E402
from typing import Any  # noqa: E402

from allauth.account.internal.flows.login import record_authentication  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import login  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import reverse  # noqa: E402

from capitalisation.coding.models import Code, Coding, Excerpt  # noqa: E402
from capitalisation.corpus.actions import add_text  # noqa: E402
from capitalisation.corpus.models import Text, TextKind, TextVersion  # noqa: E402
from capitalisation.corpus.queries import reading_version  # noqa: E402
from capitalisation.corpus.wording import NewBlock  # noqa: E402
from capitalisation.demo.many import words  # noqa: E402
from capitalisation.demo.many.people import address  # noqa: E402
from capitalisation.interviews.models import Interview  # noqa: E402
from explor import clock  # noqa: E402
from explor.accounts.models import OrganisationKind, User  # noqa: E402
from missions.actors.models import Organisation  # noqa: E402
from missions.dossier.models import Engagement, EngagementState, Mission, Programme  # noqa: E402
from missions.lifecycle import State  # noqa: E402

ROLES = ("osim", "volunteer", "coordinator", "researcher", "committee", "administrator")
PROGRAMME = os.environ.get("BENCH_PROGRAMME", "essai")
CHARACTERS, PASSAGES = 100_000, 1_500


def cookies() -> dict[str, str]:
    """A session for each role, as signing in would have made it."""
    return {role: _signed_in(role) for role in ROLES}


def _signed_in(role: str) -> str:
    request = HttpRequest()
    request.session = SessionStore()
    user = User.objects.get(email=address(role, PROGRAMME))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    # teams open nothing without a second factor
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


def addresses() -> dict[str, str]:
    """Every page that is measured, by the key that bench/pages.py names it with."""
    first = Mission.objects.filter(programme__slug=PROGRAMME).order_by("pk")[: len(State)]
    by_state = {mission.state: mission.reference for mission in first}
    ours = {"mission__programme__slug": PROGRAMME}
    today = clock.today()
    month = (today.year, today.month)
    asked = Engagement.objects.filter(state=EngagementState.PROPOSED).exists()
    found: dict[str, Any] = {
        "home": ["home"],
        "sheet_list": ["sheet_list"],
        "sheet": ["sheet", by_state["follow_up"]],
        "practice_list": ["practice_list"],
        "publication_list": ["publication_list"],
        "accueil": ["accueil"],
        "mission_list": ["mission_list"],
        "mission": ["mission", by_state["capitalisation"]],
        "mission_preparation": ["mission_preparation", by_state["preparation"]],
        "mission_history": ["mission_history", by_state["closed"]],
        "mission_request": ["mission_request", by_state["draft"]],
        "request_step": ["request_step", by_state["draft"], "projet"],
        "request_budget": ["request_step", by_state["draft"], "budget"],
        "mission_funding": ["mission_funding", by_state["preparation"]],
        "mission_messages": ["mission_messages", by_state["preparation"]],
        "session_list": ["session_list"],
        "mission_review": ["mission_review", by_state["review"]],
        "mission_decision": ["mission_decision", by_state["committee"]],
        "mission_matching": ["mission_matching", by_state["matching"]],
        "mission_report": ["mission_report", by_state["report"]],
        "mission_interviews": ["mission_interviews", by_state["capitalisation"]],
        "actor_list": ["actor_list"],
        "actor": ["actor", Organisation.objects.filter(kind=OrganisationKind.OSIM).first().uuid],
        "corpus": ["corpus"],
        "text": ["text", Text.objects.filter(**ours).first().uuid],
        "interview_list": ["interview_list"],
        "interview": [
            "interview",
            Interview.objects.filter(mission__programme__slug=PROGRAMME).first().uuid,
        ],
        "before_after": ["before_after"],
        "codebook": ["codebook"],
        "analysis_matrix": ["analysis_matrix"],
        "focus_list": ["focus_list"],
        "focus": ["focus", "typology"],
        "committee": ["committee"],
        "committee_month": ["committee_month", *month],
        "inbox": ["inbox"],
    }
    if asked:
        found["proposal_list"] = ["proposal_list"]
    code = codes().first()
    paths = {key: reverse(name, args=args) for key, (name, *args) in found.items()}
    paths["mission_search"] = f"{paths['mission_list']}?q=coopérative".replace("é", "%C3%A9")
    paths["corpus_search"] = f"{paths['corpus']}?q=outils"
    cell = reverse("analysis_cell")
    paths["analysis_cell"] = f"{cell}?code={code.slug if code else ''}&colonne=training"
    paths["committee_rows"] = reverse("committee_rows", args=[*month, "acceptance"])
    return paths


def codes() -> "QuerySet[Code]":
    return Code.objects.filter(codable=True, codebook__programme__slug=PROGRAMME)


def long_text() -> dict[str, Any]:
    """A text of 100,000 characters with 1,500 passages, and how to code one more."""
    draw = Random(1)
    blocks, size = [], 0
    while size < CHARACTERS:
        block = words.paragraph(draw, 8)
        size += len(block) + 2
        blocks.append(NewBlock(block, speaker="Personne d’essai"))
    text = add_text(
        programme=Programme.objects.get(slug=PROGRAMME),
        mission=None,
        kind=TextKind.WORKSHOP,
        source="workshop:bench",
        title="Un très long texte",
        held_on=clock.today(),
        blocks=blocks,
        actor=None,
    )
    version = reading_version(text)
    _passages(version, draw)
    block_row = version.blocks.order_by("position")[5]
    return {
        "path": reverse("text", args=[text.uuid]),
        "post": reverse("text_code", args=[text.uuid]),
        "version": version.pk,
        "sha256": version.sha256,
        "body": version.body[block_row.start : block_row.end],
        "start": block_row.start,
        "code": codes().last().slug,
        "characters": len(version.body),
        "sha": sha256(version.body.encode()).hexdigest(),
    }


def _passages(version: TextVersion, draw: Random) -> None:
    choices = list(codes())
    coder = User.objects.get(email=address("researcher", PROGRAMME))
    spans = {
        (start, start + draw.randrange(30, 300))
        for start in draw.sample(range(len(version.body) - 400), PASSAGES)
    }
    rows = Excerpt.objects.bulk_create(
        Excerpt(version=version, start=start, end=end, quote=version.body[start:end])
        for start, end in sorted(spans)
    )
    Coding.objects.bulk_create(
        Coding(excerpt=row, code=draw.choice(choices), coder=coder, coded_at=clock.now())
        for row in rows
    )


if __name__ == "__main__":
    told: dict[str, Any] = {"cookies": cookies(), "paths": addresses()}
    if "--long-text" in sys.argv:
        told["long_text"] = long_text()
    sys.stdout.write(json.dumps(told))
