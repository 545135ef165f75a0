"""Between the servers and the site, in one process: tables, static files, demo data.

Run as `python -m explor.embedded.prepare`; the only part of this folder that uses Django.
"""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from explor.embedded.program import say


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "explor.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    collect_static_files()
    if settings.DEMO_MODE:
        load_demo_once()


def collect_static_files() -> None:
    """Skipped while neither our files nor the packages that bring some have changed."""
    mark = Path(settings.VAR_DIR) / "static-files"
    seen = static_files_digest()
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if collected.exists() and mark.exists() and mark.read_text() == seen:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(seen)


def static_files_digest() -> str:
    """Names, sizes and dates of the built files, and the versions of what is installed."""
    seen = hashlib.sha256()
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            found = path.stat()
            seen.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    packages = Path(django.__file__).parent.parent
    seen.update("\n".join(sorted(p.name for p in packages.glob("*.dist-info"))).encode())
    return seen.hexdigest()


def load_demo_once() -> None:
    """Once for each database: what people then do with the data is theirs."""
    mark = Path(settings.VAR_DIR) / "demo-loaded"
    known = mark.read_text().splitlines() if mark.exists() else []
    identity = database_identity()
    if identity in known:
        return
    say("Chargement des données de démonstration…")
    call_command("load_demo")
    mark.write_text("\n".join([*known, identity]) + "\n")


def database_identity() -> str:
    """Other than its address: data thrown away and made again count as another database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, d.oid FROM pg_control_system(), pg_database d"
            " WHERE d.datname = current_database()"
        )
        return "{}/{}".format(*cursor.fetchone())


if __name__ == "__main__":
    main()
