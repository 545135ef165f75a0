"""Settings of real workers on the queues of the site, with the tests' own kinds of work."""

import os
from pathlib import Path

from explor.settings import *  # noqa: F403

EXPORT_MODULES = ["tests.documents.kinds"]
MEDIA_ROOT = Path(os.environ["MEDIA_ROOT"])
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(MEDIA_ROOT / "mail")
