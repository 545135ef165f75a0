"""A kind of record small enough to read: two notes that must not say the same, one number."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from explor.offline.operations import Sending, read_json
from explor.offline.records import digest


def body(changes: Mapping[str, tuple[str | list[str], str]], **more: Any) -> bytes:
    """A sending as the script writes it: field → (text, the text it was typed over)."""
    given = {
        name: {"value": as_list(value), "base": digest(as_list(over))}
        for name, (value, over) in changes.items()
    }
    found = {"op_id": str(uuid4()), "schema": 1, "device": "d1", "changes": given, "resolves": []}
    return json.dumps(found | more).encode()


def as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def sending(changes: Mapping[str, tuple[str | list[str], str]], **more: Any) -> Sending:
    return read_json(body(changes, **more))


def post(client: Client, kind: str, record: UUID, content: bytes) -> Any:
    return client.post(f"/api/sync/{kind}/{record}/", content, content_type="application/json")


def states(fields: Mapping[str, Mapping[str, Any]], names: Collection[str] = ()) -> dict[str, str]:
    return {name: str(told["state"]) for name, told in fields.items() if not names or name in names}
