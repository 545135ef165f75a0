from django.apps import AppConfig


class CapitalisationConfig(AppConfig):
    name = "capitalisation"
    verbose_name = "Capitalisation"

    def ready(self) -> None:
        from capitalisation import permissions  # noqa: F401  (registers the rules)
        from capitalisation.analysis import rereading as focuses  # noqa: F401  (to be read again)
        from capitalisation.analysis import work as focus_work  # noqa: F401  (to read again)
        from capitalisation.coding import moving  # noqa: F401  (passages that follow their text)
        from capitalisation.committee import agenda  # noqa: F401  (sittings in diaries)
        from capitalisation.practices import rereading  # noqa: F401  (what loses its passages)
        from capitalisation.practices import work as practice_work  # noqa: F401  (to read)
        from capitalisation.publications import printing  # noqa: F401  (PDFs that print them)
        from capitalisation.publications import work as booklet_work  # noqa: F401  (to read)
