"""The pages that are measured, who looks at them, and what is promised."""

from dataclasses import dataclass

SIMPLE, FULL = 3.0, 6.0


@dataclass(frozen=True)
class Page:
    """`target` is a multiple of the floor; without one only growth and queries are watched."""

    key: str
    label: str
    role: str
    target: float | None = None


PAGES: tuple[Page, ...] = (
    Page("sheet", "Fiche publique d’une mission", "coordinator", SIMPLE),
    Page("request_step", "Une étape de la demande", "osim", SIMPLE),
    Page("mission_list", "Liste de 25 missions", "coordinator", FULL),
    Page("mission", "Dossier d’une mission", "coordinator", FULL),
    Page("accueil", "Mon travail, coordination", "coordinator", FULL),
    Page("accueil", "Mon travail, OSIM", "osim", FULL),
    Page("accueil", "Mon travail, volontaire", "volunteer", FULL),
    Page("accueil", "Mon travail, capitalisation", "researcher", FULL),
    Page("accueil", "Mon travail, comité", "committee", FULL),
    Page("mission_request", "Résumé de la demande", "osim"),
    Page("request_budget", "Budget de la demande", "osim"),
    Page("mission_list", "Liste de missions, OSIM", "osim"),
    Page("mission_search", "Liste de missions, recherche", "coordinator"),
    Page("mission_history", "Historique d’une mission", "coordinator"),
    Page("mission_preparation", "Préparation du départ", "coordinator"),
    Page("mission_review", "Instruction", "coordinator"),
    Page("mission_funding", "Financement", "coordinator"),
    Page("mission_messages", "Conversation d’une mission", "coordinator"),
    Page("mission_decision", "Décision", "committee"),
    Page("mission_matching", "Mise en relation", "coordinator"),
    Page("mission_report", "Rapport de retour", "volunteer"),
    Page("mission_interviews", "Entretiens d’une mission", "researcher"),
    Page("actor_list", "Annuaire", "coordinator"),
    Page("actor", "Une association", "coordinator"),
    Page("home", "Page d’accueil publique", "coordinator"),
    Page("sheet_list", "Missions réalisées", "coordinator"),
    Page("practice_list", "Bonnes pratiques", "coordinator"),
    Page("publication_list", "Publications", "coordinator"),
    Page("corpus", "Corpus", "researcher"),
    Page("corpus_search", "Corpus, recherche", "researcher"),
    Page("text", "Un texte à coder", "researcher"),
    Page("interview_list", "Entretiens", "researcher"),
    Page("interview", "Un entretien", "researcher"),
    Page("before_after", "Avant et après", "researcher"),
    Page("codebook", "Grille de codes", "researcher"),
    Page("analysis_matrix", "Analyse croisée", "researcher"),
    Page("analysis_cell", "Passages d’une case", "researcher"),
    Page("focus_list", "Les focus", "researcher"),
    Page("focus", "Un focus", "researcher"),
    Page("committee", "Comité, les mois", "committee"),
    Page("committee_month", "Comité, le mois en cours", "committee"),
    Page("committee_rows", "Comité, missions derrière un chiffre", "committee"),
    Page("session_list", "Séances du comité", "committee"),
    Page("inbox", "Messages", "osim"),
)
