"""Who reads an act of what is learnt from missions: the rights of our permissions, by name."""

from explor.journal.verbs import Audience

#: Interviews on the mission: the researchers of its programme, nobody else.
RESEARCH = Audience("la capitalisation", "missions.mission", ("capitalisation.plan_interview",))
#: On an interview's own page.
INTERVIEW = Audience(
    "qui lit l’entretien", "capitalisation.interview", ("capitalisation.view_interview",)
)
TEXT = Audience("qui lit le texte", "capitalisation.text", ("capitalisation.view_text",))
CODEBOOK = Audience(
    "la capitalisation", "capitalisation.codebook", ("capitalisation.edit_codebook",)
)
ANALYSIS = Audience("qui lit l’analyse", "capitalisation.focus", ("capitalisation.read_analysis",))
MONTH = Audience("qui lit le mois", "capitalisation.committeemonth", ("capitalisation.read_month",))
SESSION = Audience(
    "qui lit la séance", "capitalisation.committeesession", ("capitalisation.read_session",)
)
PRACTICE = Audience(
    "qui écrit les pratiques", "capitalisation.goodpractice", ("capitalisation.edit_practice",)
)
BOOKLET = Audience("qui lit le livret", "capitalisation.booklet", ("capitalisation.read_booklet",))
#: A report is its author's and the coordination's until it is accepted.
REPORT = Audience("qui suit le rapport", "missions.mission", ("capitalisation.follow_report",))
