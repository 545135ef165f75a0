from django.apps import AppConfig


class CapitalisationConfig(AppConfig):
    name = "capitalisation"
    verbose_name = "Capitalisation"

    def ready(self) -> None:
        from capitalisation import permissions  # noqa: F401  (registers the rules)
        from capitalisation.analysis import rereading as focuses  # noqa: F401  (to be read again)
        from capitalisation.coding import moving  # noqa: F401  (passages that follow their text)
        from capitalisation.committee import agenda  # noqa: F401  (sittings in diaries)
        from capitalisation.practices import (  # noqa: F401  (what loses its passages; who reads)
            rereading,
            work,
        )
        from capitalisation.reports import reminding  # noqa: F401  (what is recalled)
