"""`{% load charts %}{% chart c %}` on a page, `{% chart c paper=True %}` in a PDF."""

from typing import Any

from django import template

from explor.charts.frame import Chart
from explor.charts.render import data_uri

register = template.Library()


@register.inclusion_tag("charts/chart.html")
def chart(drawn: Chart, *, paper: bool = False) -> dict[str, Any]:
    """A figure: what it shows, the image with its words, and on a page the table behind it."""
    return {"chart": drawn, "src": data_uri(drawn, paper=paper), "paper": paper}
