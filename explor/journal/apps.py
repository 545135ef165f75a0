from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "explor.journal"
    label = "journal"
    verbose_name = "Journal"
