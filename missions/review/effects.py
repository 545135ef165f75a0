"""What a change of state does to a review."""

from explor.accounts.models import User
from explor.accounts.permits import step
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.lifecycle import State
from missions.review.models import Review
from missions.review.sheet_actions import freeze_sheet


@step
def follow_state(mission: Mission, source: str, actor: User | None) -> None:
    """Who begins a review nobody follows, follows it; what goes to the committee is frozen."""
    if mission.state == State.REVIEW and source == State.SUBMITTED and actor is not None:
        review, _ = Review.objects.get_or_create(mission=mission)
        if review.lead_id is None and actor in people_on(mission, OwnerRole.COORDINATOR):
            review.lead = actor
            review.save(update_fields=["lead"])
    if mission.state == State.COMMITTEE and source == State.REVIEW:
        freeze_sheet(mission, actor=actor)
