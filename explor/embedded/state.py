"""Whether the embedded database and the static files are as the last preparation left them.

Preparing loads Django and looks at every migration, three seconds that a second start saves.
"""

import hashlib
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import psycopg

from explor.embedded.postgres import Postgres


@dataclass
class State:
    """`postgres` is None when the database is elsewhere: then always prepare."""

    root: Path
    var: Path
    postgres: Postgres | None
    demo: str

    @property
    def mark(self) -> Path:
        return self.var / "prepared"

    def is_prepared(self) -> bool:
        if self.postgres is None or not (self.var / "staticfiles/staticfiles.json").exists():
            return False
        return self.mark.exists() and self.mark.read_text() == self.digest(self.postgres)

    def remember(self) -> None:
        if self.postgres:
            self.mark.write_text(self.digest(self.postgres))

    def digest(self, postgres: Postgres) -> str:
        """Of our migrations, the packages, the built pages and the migrations applied."""
        seen = hashlib.sha256(self.demo.encode())
        for app in ("explor", "missions", "capitalisation"):
            for path in sorted((self.root / app).rglob("migrations/*.py")):
                seen.update(str(path.relative_to(self.root)).encode() + path.read_bytes())
        packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
        seen.update("\n".join(sorted(path.name for path in packages)).encode())
        built = self.root / "static/dist/.built"
        seen.update(built.read_bytes() if built.exists() else b"")
        seen.update(repr(_applied(postgres)).encode())
        return seen.hexdigest()


def _applied(postgres: Postgres) -> list[tuple[object, ...]]:
    try:
        with postgres.connect("explor") as connection:
            return connection.execute(
                "SELECT system_identifier, app, name, applied"
                " FROM pg_control_system(), django_migrations ORDER BY id"
            ).fetchall()
    except psycopg.errors.UndefinedTable:
        return []
