"""What conversations add to the pages of earlier stages: the number on the tab of a mission."""

from missions.dossier import page
from missions.threads.queries import unseen_on_mission

page.COUNTS["messages"] = unseen_on_mission
