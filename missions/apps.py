from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "missions"
    verbose_name = "Missions"

    def ready(self) -> None:
        from explor.offline.records import register
        from missions import permissions  # noqa: F401  (registers the rules)
        from missions.dossier import (  # noqa: F401  (diary, reminders, digest)
            agenda,
            reach,
            reminding,
        )
        from missions.request import reminding as _requests  # noqa: F401
        from missions.request.syncing import Requests
        from missions.review import agenda as _opinions  # noqa: F401
        from missions.review import reminding as _reviews  # noqa: F401
        from missions.threads import counts  # noqa: F401  (the number on the tab)
        from missions.threads import work as threads_work  # noqa: F401  (what is not read yet)

        register("request", Requests())
        from missions.dossier.effects import on_change_of_state
        from missions.funding import work as funding_work  # noqa: F401  (the payments to make)
        from missions.funding.commitments import follow_state
        from missions.request.submitting import issue_receipt

        on_change_of_state(follow_state)
        on_change_of_state(issue_receipt)
        from missions.funding import columns  # noqa: F401  (the amounts of the spreadsheet)
        from missions.review import (
            decision_actions,
            effects,
            letter_work,  # noqa: F401  (the letters to send)
        )
        from missions.review import work as review_work  # noqa: F401  (the errands of a review)

        on_change_of_state(decision_actions.follow_state)
        on_change_of_state(effects.follow_state)
