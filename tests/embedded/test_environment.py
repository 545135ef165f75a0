import stat
from pathlib import Path

import environ
import pytest

from explor.embedded import environment
from explor.embedded.program import StartupError


def test_environment_file_is_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "environment"
    chosen = environment.choose({"EMAIL_URL": "smtp://a:b#c@mail:25"}, tmp_path)

    environment.write(path, chosen)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read: dict[str, str] = {}
    type("Reader", (environ.Env,), {"ENVIRON": read}).read_env(path)
    assert read == {name: chosen[name] for name in environment.KEPT if name in chosen}


def test_secret_key_is_drawn_once_and_private(tmp_path: Path) -> None:
    first = environment.choose({}, tmp_path)["SECRET_KEY"]

    assert len(first) > 50
    assert environment.choose({}, tmp_path)["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_what_is_given_wins_and_draws_nothing(tmp_path: Path) -> None:
    given = {"SECRET_KEY": "mine", "PORT": "9000", "DEMO_MODE": "0", "DEBUG": ""}

    chosen = environment.choose(given, tmp_path)

    assert {name: chosen[name] for name in given} == given | {"DEBUG": "0"}
    assert list(tmp_path.iterdir()) == []


def test_port_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="PORT doit être un nombre"):
        environment.choose({"PORT": "http"}, tmp_path)
