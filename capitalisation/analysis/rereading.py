"""A focus is to be read again when the words of a passage it shows have changed."""

from capitalisation.analysis.models import Focus
from capitalisation.coding import moving  # noqa: F401  (passages move before focuses are told)
from capitalisation.coding.readers import doubtful_in
from capitalisation.corpus.versions import Change, register

BECAUSE = "Un passage montré a changé de mots, ou n’est plus dans son texte."


def mark_focuses(change: Change) -> None:
    doubtful = doubtful_in(change.old, change.new).values("pk")
    focuses = Focus.objects.filter(evidence__in=doubtful, to_reread="")
    Focus.objects.filter(pk__in=focuses.values("pk")).update(to_reread=BECAUSE)


register(mark_focuses)
