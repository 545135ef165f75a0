from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "explor.documents"
    label = "documents"
    verbose_name = "Documents et travaux"
