from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "explor.ui"
    label = "ui"
    verbose_name = "Interface"
