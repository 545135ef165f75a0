"""Whole numbers in addresses and hidden fields: never an error, never out of bounds."""

import re

#: The largest whole number PostgreSQL keeps in an identifier.
LARGEST = 2**63 - 1
_PLAIN = re.compile(r"[0-9]{1,19}")


def whole(text: str | None, *, low: int = 0, high: int = LARGEST) -> int | None:
    """« 12 » is 12; nothing for what is no plain number (« ² », « -1 », 5,000 digits) or is out
    of bounds."""
    if not text or not _PLAIN.fullmatch(text):
        return None
    number = int(text)
    return number if low <= number <= high else None


def version_in(text: str | None) -> int:
    """The version a form was opened on; zero, which is nobody's, when it says none."""
    return whole(text) or 0


#: No act of this platform, nor of the projects it tells, is out of these years.
FIRST_YEAR, LAST_YEAR = 1850, 2100
