"""What an interview becomes elsewhere: a text of the corpus, notices to people."""

from capitalisation.corpus.actions import NewBlock, add_text
from capitalisation.corpus.models import QuoteLevel, TextKind
from capitalisation.interviews.models import Consent, Interview
from capitalisation.interviews.queries import questions_of
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import step
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions.dossier.models import OwnerRole
from missions.dossier.queries import people_on


def stream_of(interview: Interview) -> str:
    """The name of an interview's history: apart from the mission's, which many people read."""
    return f"interview:{interview.uuid}"


@step
def pour(interview: Interview, actor: User | None) -> None:
    """Put the answers into the corpus, question by question; the guide's themes code them.

    Sets `interview.text`, which the caller saves. Raises `Refusal` without a single answer.
    """
    consent = Consent.objects.get(interview=interview)
    guide = interview.guide
    speaker = guide.get_audience_display()
    named = consent.quote_level == QuoteLevel.NAMED
    blocks = [
        NewBlock(asked.text, speaker, asked.question.text, asked.question.theme)
        for asked in questions_of(interview)
    ]
    if not any(block.text.strip() for block in blocks):
        raise Refusal("Aucune réponse n’est écrite : l’entretien n’a pas encore de texte.")
    moment = guide.get_moment_display().lower()
    interview.text = add_text(
        programme=interview.mission.programme,
        mission=interview.mission,
        kind=TextKind.INTERVIEW,
        source=stream_of(interview),
        title=f"Entretien {moment} · {speaker} · {interview.mission.reference}",
        held_on=interview.held_on or clock.today(),
        blocks=blocks,
        moment=guide.moment,
        audience=guide.audience,
        attribution_function=interview.person_function,
        attribution_name=(str(interview.person or interview.person_label) if named else ""),
        quote_level=consent.quote_level,
        circle=consent.circle,
        is_example=interview.is_example,
        actor=actor,
    )


def tell_asked(interview: Interview, person: User, actor: User | None) -> None:
    mission = interview.mission
    announce(
        Event.INTERVIEW_ASKED,
        recipients=[person],
        subject=f"{mission.reference} : un entretien vous est proposé",
        text=f"L’équipe de capitalisation souhaite vous entendre à propos de la mission "
        f"« {mission.title} ». Rien n’est obligatoire : votre accord est demandé avant de "
        "commencer, choix par choix, et se retire à tout moment.",
        url=interview.get_absolute_url(),
        key=f"interview:{interview.uuid}",
        actor=actor,
    )


def tell_withdrawn(interview: Interview, actor: User | None) -> None:
    """Tell the researchers of the mission, so that they read again what rested on it."""
    announce(
        Event.CONSENT_WITHDRAWN,
        recipients=people_on(interview.mission, OwnerRole.RESEARCHER),
        subject=f"{interview.mission.reference} : un consentement est retiré",
        text="Une personne entendue a retiré son accord. Son entretien et ses passages ne sont "
        "plus lus ni cités. Vérifiez les textes qui s’appuyaient dessus.",
        url=interview.get_absolute_url(),
        key=f"interview:{interview.uuid}",
        actor=actor,
    )
