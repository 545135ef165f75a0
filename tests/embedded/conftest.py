"""Servers of these tests' own; the ones the other tests run on are not touched."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from explor.embedded.postgres import Postgres
from explor.embedded.valkey import Valkey


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`, closed to the account that PostgreSQL runs under when we are root."""
    made = Path(tempfile.mkdtemp(prefix="explor-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder / "postgres", folder / "postgres.log")
    yield server
    server.stop()


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    server = Valkey(folder / "valkey", folder / "valkey.log")
    yield server
    server.stop()
