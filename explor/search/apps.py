from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "explor.search"
    label = "search"
    verbose_name = "Recherche"
