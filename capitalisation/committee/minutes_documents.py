"""« Procès-verbal de comité » on paper and on its page."""

from typing import Any

from django.db.models import Prefetch

from capitalisation.committee.minutes_models import SessionMinutes
from capitalisation.committee.session_models import AgendaItem, CommitteeSession, SessionVote
from capitalisation.committee.session_queries import Sitting, agenda_for, roll_of
from explor.accounts.models import User
from explor.documents.pdf import render_pdf


def minutes_context(session: CommitteeSession, reader: User | None) -> dict[str, Any]:
    """What the minutes tell; a reader who stood aside from a mission is told nothing of it."""
    sitting = Sitting(session, roll_of(session), agenda_for(session, reader))
    votes = Prefetch("votes", SessionVote.objects.select_related("user"))
    rows = AgendaItem.objects.filter(session=session).prefetch_related(votes)
    named = {row.pk: list(row.votes.all()) for row in rows}
    return {
        "session": session,
        "sitting": sitting,
        "points": [
            {
                "item": item,
                "withdrawn": sitting.names(getattr(item, "withdrawn", ())),
                "votes": named[item.pk],
            }
            for item in sitting.agenda
        ],
        "tasks": list(session.tasks.all()),
        "is_extract": any(getattr(item, "is_out", False) for item in sitting.agenda),
    }


def minutes_pdf(minutes: SessionMinutes, *, reader: User | None = None) -> bytes:
    """The pages; for a `reader` who stood aside, an extract without what they left."""
    session = minutes.session
    context = {**minutes_context(session, reader), "minutes": minutes}
    title = f"Procès-verbal de comité · {minutes.number}"
    return render_pdf(
        "pdf/session_minutes.html", context, title=title, author=session.programme.name
    )
