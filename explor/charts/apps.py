from django.apps import AppConfig


class ChartsConfig(AppConfig):
    name = "explor.charts"
    label = "charts"
    verbose_name = "Graphiques"
