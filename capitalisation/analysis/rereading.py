"""A focus is to be read again when what it shows has other words, or may be shown no more."""

from django.db.models import QuerySet

from capitalisation.analysis.models import Focus
from capitalisation.coding import moving  # noqa: F401  (passages move before focuses are told)
from capitalisation.coding.readers import doubtful_in
from capitalisation.corpus import restricting, versions
from capitalisation.corpus.restricting import Restriction
from capitalisation.corpus.versions import Change
from explor.accounts.permits import step

BECAUSE = "Un passage montré a changé de mots, ou n’est plus dans son texte."


@step
def mark_changed(change: Change) -> None:
    doubtful = doubtful_in(change.old, change.new).values("pk")
    _mark(Focus.objects.filter(evidence__in=doubtful, to_reread=""), BECAUSE)


@step
def mark_restricted(restriction: Restriction) -> None:
    """Its article may rest on what is no longer said."""
    touched = restriction.lookup("evidence")
    _mark(Focus.objects.filter(**touched), restriction.because)


def _mark(focuses: QuerySet[Focus], because: str) -> None:
    Focus.objects.filter(pk__in=focuses.values("pk")).update(to_reread=because)


versions.register(mark_changed)
restricting.register(mark_restricted)
