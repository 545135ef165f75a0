"""JSON from outside, cleaned as forms are."""

import json
from typing import Any

from explor.intake.text import clean


def json_in(body: bytes | str) -> Any:
    """What it holds, every text cleaned. Raises `ValueError`, for a name that is not clean too."""
    try:
        return _cleaned(json.loads(body))
    except RecursionError as error:
        raise ValueError("trop profond") from error


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        if any(clean(name) != name for name in value):
            raise ValueError("un nom contient un signe interdit")
        return {name: _cleaned(one) for name, one in value.items()}
    return value
