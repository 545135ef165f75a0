"""Every figure of a month of the committee, in the order in which it is read."""

from datetime import date

from capitalisation.committee.fieldwork import (
    departure_figures,
    interview_figures,
    money_figures,
    return_figures,
)
from capitalisation.committee.figures import Figure, Period
from capitalisation.committee.messages import message_figures
from capitalisation.committee.models import CommitteeMonth, MonthIndicator
from capitalisation.committee.requests import request_figures, stock_figures
from missions.dossier.models import Programme


def figures_of(programme: Programme, month: date) -> list[Figure]:
    """Computed from the data as they are now, for the month as it was; nine queries."""
    period = Period.of(month)
    matching, *stock = stock_figures(programme, period)
    return [
        *request_figures(programme, period),
        matching,
        *departure_figures(programme, period),
        *return_figures(programme, period),
        *money_figures(programme, period),
        *interview_figures(programme, period),
        *message_figures(programme, period),
        *stock,
    ]


def indicators_of(month: CommitteeMonth) -> list[MonthIndicator]:
    """The figures of a month as rows that are not saved yet."""
    return [
        MonthIndicator(
            month=month,
            code=figure.code,
            label=figure.label,
            unit=figure.unit,
            numerator=figure.numerator,
            denominator=figure.denominator,
            value=figure.value,
            n=figure.n,
            rows=list(figure.rows),
            position=place,
        )
        for place, figure in enumerate(figures_of(month.programme, month.month), start=1)
    ]
