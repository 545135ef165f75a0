"""Reading interviews: guides, who was heard, before beside after, where words were used."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from capitalisation.corpus.models import Audience, Moment
from capitalisation.corpus.wording import pseudonymiser
from capitalisation.interviews.models import (
    Answer,
    GuideQuestion,
    Interview,
    InterviewGuide,
    InterviewState,
)
from explor.accounts.models import Role, User
from explor.search.fields import in_order
from missions.dossier.models import ConflictOfInterest, Mission, Programme, ProgrammePartner


def interviews_for(user: User) -> QuerySet[Interview]:
    """Those the person may open: of their programmes for researchers, those they led or gave.

    No one opens the interviews of a mission in which they have declared a tie, except their own.
    """
    partners = ProgrammePartner.objects.filter(
        organisation__in=user.standing.organisations(Role.RESEARCHER)
    )
    tied = ConflictOfInterest.objects.filter(user=user, mission=OuterRef("mission"))
    research = Q(mission__programme__in=partners.values("programme")) & ~Exists(tied)
    return Interview.objects.filter(research | Q(interviewer=user) | Q(person=user))


def for_lists(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    return interviews.select_related(
        "mission__project__holder", "guide", "consent", "interviewer"
    ).defer("mission__search")


def latest_guides(programme: Programme) -> list[InterviewGuide]:
    """The guide in use for each moment and audience."""
    rows = programme.guides.order_by("moment", "audience", "-version").distinct(
        "moment", "audience"
    )
    order = {Moment.BEFORE.value: 0, Moment.AFTER.value: 1}
    audiences = {Audience.VOLUNTEER.value: 0, Audience.OSIM.value: 1}
    return sorted(rows, key=lambda guide: (order[guide.moment], audiences[guide.audience]))


@dataclass(frozen=True)
class Asked:
    """One question of an interview and what was answered, if anything."""

    question: GuideQuestion
    text: str


def questions_of(interview: Interview) -> list[Asked]:
    """Every question of its guide, in order, with the answer as it was written."""
    given = interview.answers.filter(question=OuterRef("pk")).values("text")[:1]
    questions = interview.guide.questions.annotate(
        given=Coalesce(Subquery(given), Value(""), output_field=TextField())
    )
    return [Asked(question, question.given) for question in questions]


def themed_questions(guide: InterviewGuide) -> list[tuple[GuideQuestion, str]]:
    """Each question with the label of its theme, read in the codebook when there is one."""
    codes = _related(_related(type(guide.programme), "codebook"), "codes")
    rows = codes._default_manager.filter(codebook__programme=guide.programme_id)
    labels = dict(rows.values_list("slug", "label"))
    return [(row, labels.get(row.theme, row.theme)) for row in guide.questions.all()]


@dataclass(frozen=True)
class HeardCell:
    """Interviews of one moment and audience."""

    moment: str
    audience: str
    label: str
    done: int
    planned: int

    @property
    def progress(self) -> str:
        total = self.done + self.planned
        return f"{self.done} sur {total}" if total else "Aucun"

    @property
    def note(self) -> str:
        return f"{self.planned} à mener" if self.planned else ""

    @property
    def address(self) -> str:
        """The filter of the list that shows these rows."""
        return f"?moment={self.moment}&parole={self.audience}"


def heard(interviews: QuerySet[Interview]) -> list[HeardCell]:
    """Done and still planned, by moment and audience, in one query."""
    rows = (
        interviews.order_by()
        .values_list("guide__moment", "guide__audience")
        .annotate(
            done=Count("pk", distinct=True, filter=Q(state=InterviewState.DONE)),
            planned=Count("pk", distinct=True, filter=Q(state=InterviewState.PLANNED)),
        )
    )
    found = {(moment, audience): (done, planned) for moment, audience, done, planned in rows}
    return [
        HeardCell(
            moment,
            audience,
            f"{moment.label} · {audience.label}",
            *found.get((moment, audience), (0, 0)),
        )
        for moment in Moment
        for audience in Audience
    ]


@dataclass(frozen=True)
class Use:
    """A place where passages of an interview serve."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True)
class Uses:
    passages: int = 0
    codes: int = 0
    places: list[Use] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.passages)


def uses_of(interview: Interview) -> Uses:
    """Where the words of an interview serve: everything that points at its passages.

    Later stages are reached by their reverse relations; none of them is imported.
    """
    if interview.text_id is None:
        return Uses()
    excerpts = _related(interview.text.versions.model, "excerpts")  # type: ignore[union-attr]
    taken = excerpts._default_manager.filter(version__text=interview.text_id)
    counts = taken.aggregate(
        passages=Count("pk", distinct=True), codes=Count("codings__code", distinct=True)
    )
    places: list[Use] = []
    for relation in excerpts._meta.related_objects:
        if not relation.many_to_many:
            continue
        model = relation.related_model
        through = {f"{relation.field.name}__version__text": interview.text_id}
        for row in model._default_manager.filter(**through).distinct().order_by("pk"):
            places.append(Use(str(model._meta.verbose_name), str(row), _address(row)))
    return Uses(places=places, **counts)


def _related(model: Any, name: str) -> Any:
    return model._meta.get_field(name).related_model


def _address(row: Any) -> str:
    return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""


@dataclass(frozen=True)
class BeforeAfter:
    """The same question, the same person, before and after the mission."""

    mission: Mission
    who: str
    audience: str
    key: str
    theme: str
    before_question: str
    before: str
    after_question: str
    after: str
    is_example: bool


def readable(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    """Done, with a consent that holds."""
    return interviews.filter(
        state=InterviewState.DONE,
        consent__isnull=False,
        consent__withdrawn_at__isnull=True,
        text__isnull=False,
        text__withdrawn_at__isnull=True,
    )


def paired_missions(
    programme: Programme, interviews: QuerySet[Interview]
) -> QuerySet[Mission, int]:
    """The ids of the missions with an interview before and one after, by reference: what a page
    is cut in."""
    scope = readable(interviews).order_by()
    held = {
        moment: scope.filter(guide__moment=moment).values("mission")
        for moment in (Moment.BEFORE, Moment.AFTER)
    }
    rows = Mission.objects.filter(programme=programme, pk__in=held[Moment.BEFORE]).filter(
        pk__in=held[Moment.AFTER]
    )
    return rows.order_by(in_order()).values_list("pk", flat=True)


def pairs(programme: Programme, interviews: QuerySet[Interview] | None = None) -> list[BeforeAfter]:
    """Before beside after: same question key, same mission, same person; pseudonymised.

    A person is known by their account when both interviews have it, else by their label.
    """
    scope = Interview.objects.all() if interviews is None else interviews
    scope = readable(scope.filter(mission__programme=programme))
    rows = (
        Answer.objects.filter(interview__in=scope.order_by().values("pk"))
        .exclude(text="")
        .annotate(moment=F("interview__guide__moment"), audience=F("interview__guide__audience"))
        .select_related("question", "interview__mission__project__holder")
        .prefetch_related("interview__mission__pseudonyms")
        .defer("interview__mission__search")
        .order_by(in_order("interview__mission__reference"), "audience", "question__position", "pk")
    )
    return list(_paired(rows))


def _paired(rows: Iterable[Any]) -> Iterable[BeforeAfter]:
    before: dict[tuple[Any, ...], Any] = {}
    after: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        side = before if row.moment == Moment.BEFORE else after
        for name in _names(row.interview):
            key = (row.interview.mission_id, row.audience, name, row.question.key)
            side.setdefault(key, row)
    shown: set[tuple[int, int]] = set()
    for key, first in before.items():
        second = after.get(key)
        if second is None or (first.pk, second.pk) in shown:
            continue
        shown.add((first.pk, second.pk))
        yield _pair(first, second)


def _names(interview: Interview) -> list[tuple[str, Any]]:
    names: list[tuple[str, Any]] = [("label", interview.person_label.strip().casefold())]
    if interview.person_id:
        names.append(("person", interview.person_id))
    return names


def _pair(first: Any, second: Any) -> BeforeAfter:
    mission = first.interview.mission
    hide = pseudonymiser([(row.term, row.replacement) for row in mission.pseudonyms.all()])
    return BeforeAfter(
        mission=mission,
        who=hide(first.interview.person_label),
        audience=Audience(first.audience).label,
        key=first.question.key,
        theme=first.question.theme,
        before_question=first.question.text,
        before=hide(first.text),
        after_question=second.question.text,
        after=hide(second.text),
        is_example=first.interview.is_example or second.interview.is_example,
    )
