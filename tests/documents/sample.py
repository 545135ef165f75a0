"""A document with everything a real one has: cover, headings, table, chart, quote, links."""

from datetime import date
from typing import Any

from django.template import engines

from explor.charts.spec import Chart, bar_chart

CHART: Chart = bar_chart(
    title="La sécurité revient dans deux entretiens sur trois",
    subtitle="Entretiens qui abordent le thème, en % (n = 12)",
    rows=[("Sécurité", 66.7), ("Langue de travail", 41.7), ("Matériel", 25.0)],
    measure="Part des entretiens",
    unit="%",
)

SAMPLE = """{% extends "pdf/base.html" %}{% load charts %}
{% block cover %}
  <section class="cover">
    <p class="kicker">Programme d’essai · 2026</p>
    <h1>Ce que quatre missions nous apprennent</h1>
    <p class="lead">
      Un document pour vérifier la mise en page : titres, tableau, graphique, paroles.
    </p>
  </section>
{% endblock %}
{% block content %}
  <h2 id="a">Ce qui a été fait</h2>
  <p>
    Huit jours sur place, 1 234,5 km de route, « un accueil chaleureux » → une suite
    à construire □ oui □ non. Voir <a href="/missions/EX-2026-014/">la mission</a>.
  </p>
  <table class="comparison">
    <thead><tr><th scope="col">Objectifs</th><th scope="col">Réalisations</th></tr></thead>
    <tbody><tr><td>Former dix personnes</td><td>Douze personnes formées</td></tr></tbody>
  </table>
  <h2>Ce qui en est dit</h2>
  {% chart graph paper=True %}
  {% quote "Nous avons préparé le départ ensemble, cela change tout." by="Exemple, volontaire" %}
  {{ extra|safe }}
{% endblock %}"""


def sample_html(**context: Any) -> str:
    """The page of the sample, `extra` being HTML added at its end."""
    common: dict[str, Any] = {
        "title": "Document d’essai",
        "lang": "fr",
        "author": "Explor",
        "graph": CHART,
    }
    common["issued_on"] = date(2026, 3, 9)
    return engines["django"].from_string(SAMPLE).render({**common, **context})
