"""Every address of Explor, and the floor: it exists only when bench/settings.py is chosen."""

from django.urls import path

from bench.floor import ADDRESS, empty
from explor.urls import handler400, handler500
from explor.urls import urlpatterns as usual

__all__ = ["handler400", "handler500", "urlpatterns"]

urlpatterns = [path(ADDRESS, empty), *usual]
