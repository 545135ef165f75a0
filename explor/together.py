"""A first migration that renders its models once, not after each of its operations.

Django renders a model again, and all that are linked to it, after every operation: with 85
linked models and 140 triggers, a new database took half a minute of processor.
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

COMPLETING = (AddField, AddConstraint, AddIndex)


class Together(Operation):
    """Operations that create models and complete those very models.

    Tables are created from the final models: the fields, constraints and indexes added on
    the way are already in them. Keys towards tables still to come are deferred by Django.
    """

    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        """Raises ValueError when an operation completes a model created elsewhere."""
        self.operations = operations
        created = {op.name_lower for op in operations if isinstance(op, CreateModel)}
        for operation in operations:
            if isinstance(operation, COMPLETING) and operation.model_name.lower() not in created:
                raise ValueError(f"Not of a model created here: {operation.describe()}")

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = "apps" in state.__dict__
        if rendered:
            del state.apps
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered:
            state.apps  # noqa: B018

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            if not isinstance(operation, COMPLETING):
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """`from_state` is the fuller one here: each table goes with all it holds."""
        for operation in reversed(self.operations):
            if isinstance(operation, CreateModel):
                operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations together"
