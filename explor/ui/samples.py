"""What the style page shows: every component with every state. Only the places are real."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from explor import clock
from explor.ui.components import Pair, Stage, Step, Tab, Tone
from explor.ui.map import MapPoint

STAGES = [
    Stage("Demande déposée", "done", date(2026, 1, 12)),
    Stage("Instruction", "done", date(2026, 2, 3)),
    Stage("Comité", "skipped"),
    Stage("Recherche de volontaire", "late", date(2026, 3, 2), "attendue depuis 4 jours"),
    Stage("Préparation", "current", note="3 points sur 8"),
    Stage("Terrain", "next", date(2026, 5, 18)),
    Stage("Rapport", "next"),
    Stage("Suivi", "next"),
]

STEPS = [
    Step("L’association", "#etape-1", "done"),
    Step("Le projet", "#etape-2", "error"),
    Step("La mission", "#etape-3", "current"),
    Step("Le budget", "#etape-4"),
    Step("Relire et déposer"),
]

PAIRS = [
    Pair("Mesurer le débit de la rivière", "Mesuré en deux points", heading="Volet technique"),
    Pair("Former le bureau de la coopérative", ""),
    Pair("La durée était juste", "Deux jours de plus auraient aidé", differs=True),
]

PLACES = [
    MapPoint("Moulenda", -4.25, 14.75, "#mission-1", "missions 1 et 2", 2),
    MapPoint("Kpomassé", 6.38, 2.02, "#mission-3", "missions 3 et 4", 2),
    MapPoint("Ouidah", 6.36, 2.09, "#mission-4", "mission 4"),
    MapPoint("Lille", 50.63, 3.06, note="coordination"),
]

TABS = [
    Tab("À moi", "?vue=moi", current=True, count=4),
    Tab("En retard", "?vue=retard", count=1, icon="exclamation-triangle"),
    Tab("Ce mois", "?vue=mois", count=0),
]


class SampleForm(forms.Form):
    title = forms.CharField(
        label="Titre de la mission", max_length=80, help_text="Une ligne suffit."
    )
    summary = forms.CharField(
        label="En quelques mots",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": ""}),
    )
    country = forms.ChoiceField(
        label="Pays", choices=[("", "Choisir…"), ("BJ", "Bénin"), ("CG", "Congo")]
    )
    departure = forms.DateField(
        label="Départ souhaité", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    kind = forms.ChoiceField(
        label="Type de mission",
        choices=[("study", "Diagnostic et étude préalable"), ("training", "Formation")],
        widget=forms.RadioSelect,
    )
    sworn = forms.BooleanField(label="Je certifie que ces informations sont exactes")


class SampleFilters(forms.Form):
    q = forms.CharField(label="Mots", required=False)
    country = forms.ChoiceField(
        label="Pays", choices=[("", "Tous"), ("BJ", "Bénin"), ("CG", "Congo")], required=False
    )


def samples() -> dict[str, Any]:
    today = clock.today()
    return {
        "tones": [
            ("En instruction", Tone.ACTIVE),
            ("Attend l’association", Tone.WAITING),
            ("Brouillon", Tone.NEUTRAL),
            ("Convention signée", Tone.DONE),
            ("En retard de 3 jours", Tone.ALERT),
            ("Close", Tone.FINAL),
        ],
        "stages": STAGES,
        "steps": STEPS,
        "pairs": PAIRS,
        "places": PLACES,
        "presets": TABS,
        "late": today - timedelta(days=3),
        "soon": today + timedelta(days=2),
        "far": today + timedelta(days=40),
        "facts": [
            ("Durée", "9 jours"),
            ("Zone", "Kpomassé et Ouidah"),
            ("Structure d’envoi", "Coopérative d’exemple"),
            ("Champ vide", ""),
        ],
        "empty_form": SampleForm(prefix="vide"),
        "refused_form": SampleForm({"refus-title": ""}, prefix="refus"),
        "plain_form": SampleForm({"simple-title": "Sel et mangroves"}, prefix="simple"),
        "filters": SampleFilters(),
        "page": Paginator(range(300), 25).page(4),
        "saving_states": ["saved", "saving", "offline", "synced", "conflict"],
        "ours": "Le débit a été mesuré en deux points, pendant la saison sèche.",
        "yours": "Le débit a été mesuré en trois points, pendant la saison des pluies.",
    }
