from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def fresh_limits(settings: Settings) -> None:
    """The counts of tries live in the real cache, under a prefix of this test's own."""
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"essai-{uuid4().hex}"}
    settings.CACHES = {"default": default}
