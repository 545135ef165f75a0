"""What the site's processes are given, and the file through which `manage.py` gets the same."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from explor.embedded.program import StartupError

# what is kept in var/environment when it is set
KEPT = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEBUG",
    "DEMO_MODE",
    "HTTPS",
    "PORT",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "STATIC_BROTLI",
    "MEDIA_ROOT",
    "S3_BUCKET",
    "S3_ENDPOINT_URL",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
)
ON_THIS_MACHINE = {
    "DEBUG": "0",
    "DEMO_MODE": "1",
    "HTTPS": "0",
    "PORT": "8000",
    "STATIC_BROTLI": "0",
}


def choose(given: Mapping[str, str], var: Path) -> dict[str, str]:
    """What was given, completed for a site on this machine; the servers' addresses come later.

    Raises StartupError when PORT is not a number.
    """
    chosen = {**ON_THIS_MACHINE, **{name: given[name] for name in KEPT if given.get(name)}}
    chosen["EXPLOR_VAR"] = str(var)
    if not chosen["PORT"].isdigit():
        raise StartupError(f"PORT doit être un nombre, pas « {chosen['PORT']} ».")
    if "SECRET_KEY" not in chosen:
        chosen["SECRET_KEY"] = _own_secret_key(var / "secret_key")
    return chosen


def write(path: Path, values: Mapping[str, str]) -> None:
    """For the owner's eyes only, and never half written."""
    lines = [f"{name}={values[name]}\n" for name in KEPT if name in values]
    _write_private(path, "".join(lines))


def _own_secret_key(path: Path) -> str:
    """Drawn once: sessions outlive a restart."""
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
