import os
import signal
import stat

import pytest
import redis

from explor.embedded.valkey import Valkey


def test_valkey_keeps_what_it_holds_after_kill_9(valkey: Valkey) -> None:
    valkey.start()
    with redis.from_url(valkey.url) as client:
        client.set("kept", "là")
    assert valkey.program.process is not None
    os.kill(valkey.program.process.pid, signal.SIGKILL)
    valkey.program.process.wait()

    valkey.start()

    with redis.from_url(valkey.url) as client:
        assert client.get("kept") == "là".encode()


def test_valkey_refuses_who_has_not_the_password(valkey: Valkey) -> None:
    valkey.start()

    with (
        redis.Redis(host="127.0.0.1", port=valkey.port) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_valkey_settings_are_private(valkey: Valkey) -> None:
    valkey.prepare()

    assert stat.S_IMODE(valkey.settings.stat().st_mode) == 0o600
