"""Settings of the real worker that a test starts, kills and starts again."""

import os

from explor.settings import *  # noqa: F403

EXPORT_MODULES = ["tests.documents.kinds"]
MEDIA_ROOT = os.environ["MEDIA_ROOT"]
CELERY_BEAT_SCHEDULE_FILENAME = os.path.join(MEDIA_ROOT, "beat")
# a queue of this test's own: another worker on the same broker must not do its work
CELERY_TASK_DEFAULT_QUEUE = os.environ["TEST_QUEUE"]
CELERY_TASK_QUEUES = None
CELERY_TASK_ROUTES: dict[str, str] = {}
