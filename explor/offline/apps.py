from django.apps import AppConfig


class OfflineConfig(AppConfig):
    name = "explor.offline"
    label = "offline"
    verbose_name = "Écrire hors ligne"
