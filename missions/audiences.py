"""Who reads an act of a mission's history: the rights of `missions.permissions`, by name."""

from explor.journal.verbs import READERS, Audience, Verb

MISSION = "missions.mission"
EVERYONE = READERS
#: Coordination of the programme, committee, administration: also what nobody declared.
TEAM = Audience(
    "la coordination, le comité, l’administration", MISSION, ("missions.read_review_summary",)
)
STAFF = Audience("toute l’équipe, capitalisation comprise", MISSION, ("missions.read_ahead",))
#: Inside the review: notes, grid, tries without the right.
REVIEW = Audience("la coordination et l’administration", MISSION, ("missions.read_review",))
CORRECTIONS = Audience("qui lit les corrections", MISSION, ("missions.read_corrections",))
#: Names and addresses of who confirmed or filed.
RECEIPT = Audience("qui lit le récépissé", MISSION, ("missions.view_receipt",))
ANNEXES = Audience("qui lit les pièces", MISSION, ("missions.view_annexes",))
PROPOSALS = Audience("qui cherche la ou le volontaire", MISSION, ("missions.view_proposals",))
ENVELOPES = Audience("qui lit les enveloppes", "missions.envelope", ("missions.view_envelopes",))
AMOUNTS = Audience("qui lit les montants", MISSION, ("missions.view_budget",))
#: What tells the decision: the team at once, the others once its letter has left.
AFTER_LETTER = Audience(
    "l’équipe, puis tout le monde", MISSION, ("missions.read_ahead",), once_told=()
)
AMOUNTS_AFTER_LETTER = Audience(
    "l’équipe, puis qui lit les montants",
    MISSION,
    ("missions.read_ahead", "missions.view_budget"),
    once_told=("missions.view_budget",),
)

#: The two acts that settle whether a decision was told: what came before the letter is, what was
#: set aside first never is.
LETTER_LEFT = Verb("missions.send_letter", AFTER_LETTER, reason=TEAM)
DECISION_SET_ASIDE = Verb("missions.set_decision_aside", TEAM)
