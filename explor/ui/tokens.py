"""The token that makes a form count once, however often it is sent."""

from uuid import UUID, uuid4


def token_in(text: str) -> UUID:
    """The token of a form; a new one when it is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
