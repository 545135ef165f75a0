"""Settings of the real servers that a test starts on its own database: pages need no build."""

from explor.settings import *  # noqa: F403
from explor.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
