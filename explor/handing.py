"""Hand committed work to Celery. The table is the truth; the message is only a nudge."""

import logging
from collections.abc import Iterable

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def hand_over(task: str, ids: Iterable[int]) -> list[int]:
    """Send one message per row; stop at the first refusal of the broker.

    Returns the ids that were taken. The others stay in their table, where a periodic task
    finds them: a broker that is down costs a delay, never work, and never an error page.
    """
    taken: list[int] = []
    for pk in ids:
        try:
            current_app.send_task(task, args=[pk])
        except (OperationalError, RedisError, OSError) as error:
            logger.warning("broker unreachable, %s(%s) kept for later: %s", task, pk, error)
            break
        taken.append(pk)
    return taken
