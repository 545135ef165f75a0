"""Focuses that wait to be read again, for those who write them."""

from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse

from capitalisation.analysis.models import Focus
from explor.accounts.models import Role, User
from missions.dossier.reach import PROGRAMMES
from missions.dossier.work_lines import Lines, register_lines, told


def focuses_to_read(user: User) -> Lines:
    programmes = user.standing.reach(PROGRAMMES, Role.RESEARCHER)
    if not programmes:
        return None
    return told(
        Focus.objects.filter(programme__in=programmes).exclude(to_reread=""),
        since="written_at",
        kicker=Concat(Value("Focus · "), "programme__name"),
        title=F("title"),
        key=F("slug"),
        says=F("to_reread"),
    )


register_lines("focuses", focuses_to_read, lambda key: reverse("focus", args=[key]))
