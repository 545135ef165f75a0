"""The demonstration's texts and figures, kept as TOML beside the loaders."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

FOLDER = Path(__file__).parent


def read(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """`name.toml` of the folder, as it is written."""
    with (folder / f"{name}.toml").open("rb") as source:
        return tomllib.load(source)


def token_of(*key: str) -> UUID:
    """The same token for the same key, always: what makes a second loading find the first."""
    return uuid5(NAMESPACE_URL, "/".join(("explor-demo", *key)))


def day_of(value: date | int, today: date) -> date:
    """A day of the leaflet as it is; a day of a living mission counted from `today`."""
    return value if isinstance(value, date) else today + timedelta(days=value)
