"""Coded texts for tests: an interview of a mission, a codebook of two themes."""

from datetime import date
from typing import Any

from capitalisation.coding.actions import code_passage
from capitalisation.coding.models import Code, Codebook, Coding
from capitalisation.corpus.actions import NewBlock, add_text
from capitalisation.corpus.models import Circle, Moment, QuoteLevel, Text, TextKind, TextVersion
from capitalisation.corpus.queries import reading_version
from explor.accounts.models import User
from missions.dossier.models import Mission
from tests.factories import World

BODY = "Nous avions peur 😀 de plaquer une méthode. Puis l’équipe a tout repris à son compte."


def make_codebook(world: World) -> dict[str, Code]:
    """`fear` and `ownership` under `expert`, and `expert` itself."""
    book = Codebook.objects.create(programme=world.programme)
    expert = Code.objects.create(codebook=book, slug="expert", label="Figure de l’expert")
    return {
        "expert": expert,
        "fear": Code.objects.create(
            codebook=book, slug="fear", label="Crainte", parent=expert, position=2
        ),
        "ownership": Code.objects.create(
            codebook=book, slug="ownership", label="Appropriation", parent=expert, position=3
        ),
    }


def make_text(world: World, mission: Mission | None = None, **fields: Any) -> Text:
    mission = mission or world.mission("capitalisation")
    number = Text.objects.count()
    values: dict[str, Any] = {
        "programme": world.programme,
        "mission": mission,
        "kind": TextKind.INTERVIEW,
        "source": f"interview:essai-{number}",
        "title": f"Entretien d’essai {number}",
        "held_on": date(2026, 3, 2),
        "blocks": [NewBlock(BODY, question="Comment cela s’est-il passé ?")],
        "moment": Moment.AFTER,
        "audience": "volunteer",
        "quote_level": QuoteLevel.ANONYMOUS,
        "circle": Circle.PUBLIC,
        "actor": None,
    }
    return add_text(**{**values, **fields})


def code_words(
    text: Text, words: str, code: Code, actor: User | None = None, **changes: Any
) -> Coding:
    """Code the first occurrence of `words` in the wording people read."""
    version: TextVersion = reading_version(text)
    start = version.body.index(words)
    values: dict[str, Any] = {
        "start": start,
        "end": start + len(words),
        "quote": words,
        "sha256": version.sha256,
        "code": code,
        "actor": actor,
    }
    return code_passage(version, **{**values, **changes})
