from django.core.exceptions import ValidationError


class Refusal(ValidationError):
    """A guard's « no »: the French reason is for the person who asked, and is shown as it is.

    Several reasons may be given at once (a list), so that nobody discovers them one by one.
    """

    @property
    def reason(self) -> str:
        """Every reason in one sentence, for a flash message or a notice."""
        return " ".join(self.messages)


class Stale(Refusal):
    """The record was saved by somebody else since the form was opened.

    `version` is the present one: a form that shows both texts submits it again, knowingly.
    """

    def __init__(self, version: int) -> None:
        super().__init__("Quelqu’un a enregistré une autre version pendant que vous écriviez.")
        self.version = version


class Gone(Refusal):
    """What was to be changed was taken away by somebody else meanwhile."""

    def __init__(self) -> None:
        super().__init__("Quelqu’un vient de supprimer ce que vous vouliez modifier.")
