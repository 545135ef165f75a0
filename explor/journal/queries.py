from django.db.models import QuerySet

from explor.journal.models import Entry


def history(stream: str) -> QuerySet[Entry]:
    """The acts of one object, newest first, with the name of who did them."""
    return Entry.objects.filter(stream=stream).select_related("actor")
