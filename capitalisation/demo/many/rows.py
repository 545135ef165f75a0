"""Rows written by the hundred thousand with COPY; the triggers of the row history run as usual."""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

#: Numbers taken from the sequence of a table at once.
RESERVED = 2_000

Model = type[models.Model]


class Rows:
    """Buffers of rows, one for each model. `add` answers the row's id before it is written.

    Foreign keys are checked when all is flushed: any order will do. What PostgreSQL
    generates is left to it; a column that is not given takes its default.
    """

    def __init__(self, draw: Random, now: datetime) -> None:
        self._draw = draw
        self.now = now
        self._waiting: dict[Model, list[dict[str, Any]]] = {}
        self._ids: dict[Model, Iterator[int]] = {}
        self._columns: dict[Model, list[tuple[str, Callable[[], Any]]]] = {}
        self.written: dict[Model, int] = {}

    def add(self, model: Model, **values: Any) -> int:
        """`values` by column name: `mission_id`, not `mission`."""
        number = self._next_id(model)
        self._waiting.setdefault(model, []).append({"id": number, **values})
        return number

    def flush(self) -> None:
        for model, rows in self._waiting.items():
            self._copy(model, rows)
            self.written[model] = self.written.get(model, 0) + len(rows)
        self._waiting.clear()
        with connection.cursor() as cursor:
            # a long queue of checks slows down every trigger that comes after it
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _next_id(self, model: Model) -> int:
        if (number := next(self._ids.get(model, iter(())), None)) is None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [model._meta.db_table, RESERVED],
                )
                self._ids[model] = iter([row[0] for row in cursor.fetchall()])
            number = next(self._ids[model])
        return number

    def _copy(self, model: Model, rows: list[dict[str, Any]]) -> None:
        columns = self._columns.setdefault(model, list(self._defaults(model)))
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
        )
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(
                    [_plain(row[name] if name in row else default()) for name, default in columns]
                )

    def _defaults(self, model: Model) -> Iterator[tuple[str, Callable[[], Any]]]:
        for field in model._meta.concrete_fields:
            if not field.generated:
                assert field.attname == field.column
                yield field.column, self._default(field)

    def _default(self, field: "models.Field[Any, Any]") -> Callable[[], Any]:
        if isinstance(field, models.UUIDField):
            return lambda: UUID(int=self._draw.getrandbits(128), version=4)
        if getattr(field, "auto_now_add", False):
            return lambda: self.now
        return field.get_default


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return Jsonb(value) if isinstance(value, dict) else value
