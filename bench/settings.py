"""The settings of production, with one empty page more and the count of queries when asked."""

from explor.settings import *  # noqa: F403
from explor.settings import MIDDLEWARE as USUAL

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.floor.count_queries", *USUAL]
