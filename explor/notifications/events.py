"""Every event people are told about, each with the reason written in its message."""

from django.db import models


class Rhythm(models.TextChoices):
    """When a message also comes by mail."""

    NOW = "now", "Tout de suite"
    DIGEST = "digest", "Le matin"
    NEVER = "never", "Jamais"


class Event(models.TextChoices):
    REQUEST_SUBMITTED = "request_submitted", "Demande déposée"
    REQUEST_RECEIPT = "request_receipt", "Récépissé de dépôt"
    CONFIRMATION_ASKED = "confirmation_asked", "Demande à confirmer"
    CONFIRMATION_GIVEN = "confirmation_given", "Réponse de l’association"
    REQUEST_CORRECTION = "request_correction", "Correction demandée"
    REQUEST_CORRECTED = "request_corrected", "Correction faite"
    REVIEW_LEAD = "review_lead", "Dossier confié"
    OPINION_ASKED = "opinion_asked", "Avis demandé"
    OPINION_GIVEN = "opinion_given", "Avis rendu"
    COMMITTEE_AGENDA = "committee_agenda", "Ordre du jour du comité"
    DECISION = "decision", "Décision du comité"
    PROPOSAL = "proposal", "Proposition de mission"
    PROPOSAL_ANSWER = "proposal_answer", "Réponse à une proposition"
    VOLUNTEER_CONFIRMED = "volunteer_confirmed", "Volontaire confirmé·e"
    MILESTONE_DUE = "milestone_due", "Échéance proche"
    MILESTONE_LATE = "milestone_late", "Échéance dépassée"
    DEPARTURE_RISK = "departure_risk", "Départ à risque"
    SIGNATURE_ASKED = "signature_asked", "Signature demandée"
    REPORT_DUE = "report_due", "Rapport attendu"
    REPORT_SUBMITTED = "report_submitted", "Rapport déposé"
    REPORT_RETURNED = "report_returned", "Rapport à compléter"
    REPORT_ACCEPTED = "report_accepted", "Rapport accepté"
    INTERVIEW_ASKED = "interview_asked", "Entretien proposé"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consentement retiré"
    REREAD = "reread", "Texte à relire"
    APPROVAL_ASKED = "approval_asked", "Validation demandée"
    PUBLISHED = "published", "Publication"
    MINUTES = "minutes", "Compte rendu du comité"
    MESSAGE = "message", "Message"
    STATE_CHANGED = "state_changed", "Étape franchie"
    EXPORT_READY = "export_ready", "Document prêt"
    EXPORT_FAILED = "export_failed", "Document non fabriqué"
    INVITATION = "invitation", "Invitation"
    MEMBERSHIP = "membership", "Membres d’une organisation"
    ACCOUNT = "account", "Votre compte"
    REPLY_REFUSED = "reply_refused", "Réponse par e-mail non publiée"
    REMINDER = "reminder", "Rappel"
    DIGEST = "digest", "Récapitulatif du matin"

    @property
    def reason(self) -> str:
        """« Vous recevez ce message parce que … », whole sentence."""
        return f"Vous recevez ce message parce que {_REASONS[self]}."

    @property
    def can_be_stopped(self) -> bool:
        return self not in _ALWAYS_MAILED

    @property
    def usual_rhythm(self) -> Rhythm:
        """Without a choice of the person: at once when something is asked of them, else in the
        morning."""
        return Rhythm.DIGEST if self in _CAN_WAIT else Rhythm.NOW

    @property
    def is_for_team(self) -> bool:
        """Neither associations nor volunteers ever receive it."""
        return self in _FOR_TEAM


_ALWAYS_MAILED = frozenset(
    {
        Event.ACCOUNT,
        Event.CONFIRMATION_ASKED,
        Event.DECISION,
        Event.INVITATION,
        Event.REPLY_REFUSED,
        Event.REQUEST_RECEIPT,
        Event.SIGNATURE_ASKED,
    }
)
_FOR_TEAM = frozenset(
    {
        Event.REQUEST_SUBMITTED,
        Event.REQUEST_CORRECTED,
        Event.OPINION_GIVEN,
        Event.COMMITTEE_AGENDA,
        Event.PROPOSAL_ANSWER,
        Event.DEPARTURE_RISK,
        Event.REPORT_SUBMITTED,
        Event.CONSENT_WITHDRAWN,
        Event.APPROVAL_ASKED,
        Event.MINUTES,
    }
)
_CAN_WAIT = frozenset(
    {
        Event.OPINION_GIVEN,
        Event.VOLUNTEER_CONFIRMED,
        Event.MILESTONE_DUE,
        Event.MILESTONE_LATE,
        Event.REPORT_ACCEPTED,
        Event.PUBLISHED,
        Event.MINUTES,
        Event.STATE_CHANGED,
        Event.REMINDER,
    }
)

_REASONS: dict[Event, str] = {
    Event.REQUEST_SUBMITTED: "vous suivez les demandes de mission de ce territoire",
    Event.REQUEST_RECEIPT: "une demande de mission est déposée pour votre association",
    Event.CONFIRMATION_ASKED: "une demande de mission a été écrite pour votre association",
    Event.CONFIRMATION_GIVEN: "vous aviez demandé cette confirmation",
    Event.REQUEST_CORRECTION: "vous avez déposé cette demande de mission",
    Event.REQUEST_CORRECTED: "vous aviez demandé une correction sur cette demande",
    Event.REVIEW_LEAD: "ce dossier vous est confié, ou vous le suiviez",
    Event.OPINION_ASKED: "votre avis est demandé sur cette mission",
    Event.OPINION_GIVEN: "vous aviez demandé cet avis",
    Event.COMMITTEE_AGENDA: "vous participez au comité de pilotage",
    Event.DECISION: "vous avez déposé la demande sur laquelle le comité s’est prononcé",
    Event.PROPOSAL: "votre profil de volontaire correspond à cette mission",
    Event.PROPOSAL_ANSWER: "vous recherchez un·e volontaire pour cette mission",
    Event.VOLUNTEER_CONFIRMED: "vous participez à cette mission",
    Event.MILESTONE_DUE: "cette tâche vous est confiée",
    Event.MILESTONE_LATE: "cette tâche vous est confiée ou relève de votre suivi",
    Event.DEPARTURE_RISK: "vous suivez la préparation de ce départ",
    Event.SIGNATURE_ASKED: "votre signature est attendue sur ce document",
    Event.REPORT_DUE: "vous êtes volontaire de cette mission",
    Event.REPORT_SUBMITTED: "vous suivez cette mission",
    Event.REPORT_RETURNED: "vous avez écrit ce rapport",
    Event.REPORT_ACCEPTED: "vous participez à cette mission",
    Event.INTERVIEW_ASKED: "vous avez pris part à cette mission",
    Event.CONSENT_WITHDRAWN: "vous êtes responsable de la capitalisation",
    Event.REREAD: "vous avez écrit ou relu ce texte",
    Event.APPROVAL_ASKED: "une seconde lecture vous est demandée",
    Event.PUBLISHED: "vous avez contribué à cette publication",
    Event.MINUTES: "vous participez au comité de pilotage",
    Event.MESSAGE: "vous participez à cette conversation",
    Event.STATE_CHANGED: "vous participez à cette mission",
    Event.EXPORT_READY: "vous avez demandé ce document",
    Event.EXPORT_FAILED: "vous avez demandé ce document",
    Event.INVITATION: "une personne d’Explor vous invite",
    Event.MEMBERSHIP: "vous agissez pour cette organisation, ou avez demandé à la rejoindre",
    Event.ACCOUNT: "la façon d’entrer dans votre compte a changé",
    Event.REPLY_REFUSED: "une réponse par e-mail est arrivée en votre nom",
    Event.REMINDER: "vous aviez commencé ou devez suivre ce travail",
    Event.DIGEST: "vous recevez chaque matin ce qui est nouveau ou attendu",
}
