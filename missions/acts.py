"""When each act on a mission may be done: one table beside the lifecycle's. No model is imported.

A state closes what its stage did: a mission that is over is not rewritten, and what the return
report established stays. An act asks its right first (`require`), then `check_when`. Acts whose
right already names its states (`on_mission(…, states=…)`, `edit_request`) are not repeated here.
"""

from explor.ui.errors import Refusal
from missions.lifecycle import ACCEPTED, FINAL, RETURNED, STAGES, State, label

_ALL = frozenset(State)
_OPEN = _ALL - FINAL
#: Until somebody is back: the dates are still plans, the volunteer may still step back.
_BEFORE_RETURN = frozenset({State.MATCHING, State.SUPPORT, State.PREPARATION, State.FIELD})
_ON_THE_WAY = frozenset(ACCEPTED)
_DECIDED = frozenset({*STAGES[STAGES.index(State.COMMITTEE) :], State.DECLINED, State.CANCELLED})

#: act → states in which it may be done
WHEN: dict[str, frozenset[State]] = {
    # the dossier
    "settle_milestone": _OPEN,
    "waive_milestone": _OPEN,
    "reopen_milestone": _OPEN,
    "plan_dates": _BEFORE_RETURN,
    "record_real_dates": frozenset({State.REPORT}),
    "record_outcome": frozenset({State.REPORT}),
    "propose_sheet": frozenset(RETURNED),
    "approve_sheet": frozenset(RETURNED),
    "suspend": _ON_THE_WAY,
    # the request
    "correct": frozenset({State.REVIEW}),
    # the review and the decision
    "save_review": frozenset({State.REVIEW}),
    "add_note": _ALL - {State.DRAFT},
    "assign_lead": _OPEN - {State.DRAFT},
    "note_roll": frozenset({State.REVIEW, State.COMMITTEE}),
    "ask_opinions": frozenset({State.REVIEW}),
    "record_decision": frozenset({State.COMMITTEE}),
    "write_letter": _DECIDED,
    "send_letter": _DECIDED - {State.COMMITTEE},
    # the money
    "commit": _ON_THE_WAY | {State.COMMITTEE},
    "pay": _ON_THE_WAY | {State.COMMITTEE, State.CLOSED},
    # the volunteer
    "propose_volunteer": frozenset({State.MATCHING, State.SUPPORT, State.PREPARATION}),
    "withdraw_volunteer": _BEFORE_RETURN,
    # what is learnt
    "review_report": frozenset({State.REPORT}),
    "plan_interview": _ON_THE_WAY | {State.CLOSED, State.CANCELLED},
}

#: What a refusal says, after « Le dossier est « … » : ».
_WORDS: dict[str, str] = {
    "settle_milestone": "ses jalons ne changent plus",
    "waive_milestone": "ses jalons ne changent plus",
    "reopen_milestone": "ses jalons ne changent plus",
    "plan_dates": "ses dates ne se prévoient pas maintenant",
    "record_real_dates": "ses dates réelles viennent du rapport de retour",
    "record_outcome": "ses résultats viennent du rapport de retour",
    "propose_sheet": "la fiche se prépare au retour de la mission",
    "approve_sheet": "la fiche se prépare au retour de la mission",
    "suspend": "seule une mission retenue et en cours se suspend",
    "correct": "les corrections se font pendant l’instruction",
    "save_review": "la grille et la recommandation s’écrivent pendant l’instruction",
    "add_note": "il n’y a pas encore de notes d’instruction",
    "assign_lead": "plus personne n’a à le suivre",
    "note_roll": "le tour des conflits d’intérêts se fait avant la décision",
    "ask_opinions": "les avis se demandent pendant l’instruction",
    "record_decision": "il n’attend pas de décision",
    "write_letter": "il n’attend pas de lettre",
    "send_letter": "la décision n’est pas encore effective",
    "commit": "aucun montant ne s’engage sans décision",
    "pay": "ses versements ne changent pas maintenant",
    "propose_volunteer": "cette mission ne recherche pas de volontaire en ce moment",
    "withdraw_volunteer": "la personne volontaire ne se retire plus",
    "review_report": "le rapport se relit au retour de la mission",
    "plan_interview": "les entretiens se prévoient une fois la mission retenue",
}


def may_now(act: str, state: str) -> bool:
    return state in WHEN[act]


def check_when(act: str, state: str) -> None:
    """Raises `Refusal`, saying where the mission is and why it is no time for this."""
    if not may_now(act, state):
        here = label(state).lower()
        raise Refusal(f"Le dossier est «\u00a0{here}\u00a0»\u00a0: {_WORDS[act]}.")
