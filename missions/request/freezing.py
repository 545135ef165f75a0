"""A request as it stands at one moment, in words and figures that nothing will change."""

import hashlib
import json
from typing import Any

from missions.dossier.models import Mission
from missions.funding.queries import Budget, euros
from missions.request.models import Annex
from missions.request.queries import answers
from missions.request.reading import reading_of

Content = dict[str, Any]


def content_of(mission: Mission) -> Content:
    """What the association asks: answers by section, budget, annexes with their SHA-256.

    Plain texts only, so that the same request always gives the same content.
    """
    found = answers(mission)
    return {
        "reference": mission.reference,
        "title": mission.title,
        "programme": str(mission.programme),
        "territory": str(mission.territory),
        "holder": mission.project.holder.full_name,
        "sections": [
            [title, [[label, str(words)] for label, words in rows if words]]
            for title, rows in reading_of(found)
        ],
        "budget": _budget(found["budget"]),
        "annexes": [_annex(row) for row in found["annexes"]],
    }


def digest_of(content: Content) -> str:
    """SHA-256 of the content, its keys in order."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _budget(budget: Budget) -> Content:
    return {
        "parts": [
            {
                "title": title,
                "lines": [[row.get_heading_display(), row.how, euros(row.amount)] for row in lines],
                "total": euros(total),
            }
            for title, lines, total in budget.parts
            if lines
        ],
        "asked": euros(budget.asked),
        "share": budget.share,
    }


def _annex(row: Annex) -> Content:
    return {
        "kind": row.get_kind_display(),
        "name": row.file.name,
        "size": row.file.size,
        "sha256": row.file.sha256,
    }
