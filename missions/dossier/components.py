"""What a mission aims at and what it did: components, objectives, achievements."""

from collections.abc import Iterable, Mapping

from django.db import models

from explor.journal.tracking import tracked
from missions.dossier.mission import Mission

#: A component without a title or a type yet.
UNNAMED = "Volet à préciser"


class MissionType(models.TextChoices):
    STUDY = "study", "Diagnostic et étude préalable"
    TRAINING = "training", "Formation et renforcement de compétences"
    EVALUATION = "evaluation", "Évaluation et audit"
    INSTALLATION = "installation", "Installation et maîtrise d’ouvrage"


class Outcome(models.TextChoices):
    REACHED = "reached", "Atteint"
    PARTLY = "partly", "Atteint en partie"
    NOT_REACHED = "not_reached", "Non atteint"


@tracked()
class Component(models.Model):
    """« Volet »: part of a mission with its own type, objectives and achievements.

    Its type may be missing in a draft; submitting asks for it.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="components")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField("titre du volet", max_length=200, blank=True)
    type = models.CharField("typologie", max_length=14, choices=MissionType, blank=True)

    class Meta:
        verbose_name = "volet"
        ordering = ["mission", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "position"],
                name="component_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title or self.get_type_display() or UNNAMED


def types_in(components: Iterable[Component], words: Mapping[str, str]) -> list[str]:
    """The word of each type, said once; a component whose type is still to choose has none."""
    return list(dict.fromkeys(words[part.type] for part in components if part.type))


@tracked()
class Objective(models.Model):
    """What a component aims at; `outcome` is written when the return report is accepted."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("objectif", max_length=500)
    outcome = models.CharField("résultat", max_length=12, choices=Outcome, blank=True)
    outcome_why = models.TextField("pourquoi", blank=True)

    class Meta:
        verbose_name = "objectif"
        ordering = ["component", "position"]

    def __str__(self) -> str:
        return self.text


@tracked()
class Achievement(models.Model):
    """What was done about an objective; shown beside it."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="achievements")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("réalisation", max_length=500)

    class Meta:
        verbose_name = "réalisation"
        ordering = ["objective", "position"]

    def __str__(self) -> str:
        return self.text
