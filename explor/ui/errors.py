from django.core.exceptions import ValidationError


class Refusal(ValidationError):
    """A guard's « no »: the French reason is for the person who asked, and is shown as it is.

    Several reasons may be given at once (a list), so that nobody discovers them one by one.
    """

    @property
    def reason(self) -> str:
        """Every reason in one sentence, for a flash message or a notice."""
        return " ".join(self.messages)
