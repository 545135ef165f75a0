"""The forms of the « Financement » page and of the envelopes."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from explor import clock
from explor.accounts.models import Organisation, OrganisationKind
from explor.documents.forms import SafeFileField
from explor.intake.fields import DateField
from missions.dossier.models import Mission, Programme, Territory
from missions.funding.forms import EuroField
from missions.funding.models import (
    EXPENSE_HEADINGS,
    CoFundingState,
    ExpenseState,
    Nature,
)
from missions.funding.money import CFA_PARITY, Currency, fits


class AmountField(EuroField):
    """An amount above zero, in a currency said elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Écrivez un montant, par exemple 1 234,50."

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value == 0:
            raise ValidationError("Le montant est supérieur à zéro.")


class RateField(forms.DecimalField):
    """« 655,957 »: how much of the currency one euro was worth."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "number"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(
            min_value=Decimal("0.0001"),
            max_digits=10,
            decimal_places=4,
            error_messages={"invalid": "Écrivez un taux, par exemple 655,957."},
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value


class SheetForm(forms.Form):
    """A new row carries a token, a row that is changed its version: nothing is written twice, and
    nothing is written over."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["token" if version else "version"]
        self.initial.setdefault("version" if version else "token", version or uuid4())

    @property
    def words(self) -> dict[str, Any]:
        """What was typed, without what protects it."""
        return {k: v for k, v in self.cleaned_data.items() if k not in {"token", "version"}}


class ExpenseForm(SheetForm):
    heading = forms.ChoiceField(
        label="Poste", choices=[(heading.value, heading.label) for heading in EXPENSE_HEADINGS]
    )
    label = forms.CharField(label="Objet", max_length=200, help_text="Par exemple : billet, taxi.")
    state = forms.ChoiceField(
        label="Où en est-elle ?",
        choices=ExpenseState.choices,
        widget=forms.RadioSelect,
        initial=ExpenseState.SPENT,
    )
    dated = DateField(label="Date", help_text="De la facture, du reçu ou de la commande.")
    amount = AmountField(label="Montant")
    currency = forms.ChoiceField(
        label="Monnaie", choices=Currency.choices, initial=Currency.EUR.value
    )
    rate = RateField(
        label="Taux : combien pour un euro",
        required=False,
        help_text=f"Laissez vide en euros, et en francs CFA pour la parité fixe "
        f"({str(CFA_PARITY).replace('.', ',')}).",
    )
    receipt = SafeFileField(label="Justificatif", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if amount is not None and currency and not fits(amount, currency):
            self.add_error("amount", "Le franc CFA n’a pas de centimes : écrivez un entier.")
        spent, dated = cleaned.get("state") == ExpenseState.SPENT, cleaned.get("dated")
        if spent and dated and dated > clock.today():
            self.add_error("dated", "Une dépense payée ne porte pas une date à venir.")
        return cleaned


class CoFundingForm(SheetForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Financeur connu du site",
        required=False,
        empty_label="Un autre",
    )
    funder_name = forms.CharField(
        label="Autre financeur",
        max_length=150,
        required=False,
        help_text="Par exemple : la commune, une fondation, les membres.",
    )
    nature = forms.ChoiceField(
        label="Que donne-t-il ?",
        choices=Nature.choices,
        widget=forms.RadioSelect,
        initial=Nature.CASH,
        help_text="Une contribution valorisée (temps, local, matériel) n’entre dans aucun total.",
    )
    asked = AmountField(label="Montant demandé (€)")
    asked_on = DateField(label="Demandé le")
    state = forms.ChoiceField(
        label="Où en est la demande ?",
        choices=CoFundingState.choices,
        widget=forms.RadioSelect,
        initial=CoFundingState.ASKED,
    )
    secured = EuroField(label="Montant obtenu (€)", required=False)
    answered_on = DateField(label="Répondu le", required=False)
    answer = forms.CharField(label="Ce qui a été répondu", max_length=300, required=False)

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields["organisation"]
        assert isinstance(known, forms.ModelChoiceField)
        known.queryset = Organisation.objects.filter(
            Q(kind=OrganisationKind.FUNDER) | Q(programme_rows__programme=mission.programme_id)
        ).distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["secured"] = cleaned.get("secured") or Decimal(0)
        if bool(cleaned.get("organisation")) == bool(cleaned.get("funder_name")):
            self.add_error("funder_name", "Choisissez un financeur connu, ou écrivez un nom.")
        state, answered = cleaned.get("state"), cleaned.get("answered_on")
        if state == CoFundingState.SECURED and not cleaned["secured"]:
            self.add_error("secured", "Écrivez le montant obtenu.")
        if state and state != CoFundingState.SECURED and cleaned["secured"]:
            self.add_error("secured", "Rien n’est obtenu tant que la demande n’est pas acquise.")
        if state and state != CoFundingState.ASKED and not answered:
            self.add_error("answered_on", "Écrivez la date de la réponse.")
        if state == CoFundingState.ASKED and answered:
            self.add_error("state", "Il y a une date de réponse : acquis ou refusé ?")
        if answered and cleaned.get("asked_on") and answered < cleaned["asked_on"]:
            self.add_error("answered_on", "La réponse ne vient pas avant la demande.")
        return cleaned


class InstalmentForm(SheetForm):
    label = forms.CharField(
        label="Condition du versement",
        max_length=200,
        help_text="Par exemple : à la signature de la convention, au rapport complet.",
    )
    due_on = DateField(label="Prévu le")
    amount = AmountField(label="Montant (€)")


class PaymentForm(SheetForm):
    paid_on = DateField(label="Versé le")
    reference = forms.CharField(label="Référence du virement", max_length=80)

    def clean_paid_on(self) -> Any:
        paid_on = self.cleaned_data["paid_on"]
        if paid_on > clock.today():
            raise ValidationError("Un versement fait ne porte pas une date à venir.")
        return paid_on


class EnvelopeForm(SheetForm):
    """A new envelope; `programmes` are those that the person administers."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label="Programme")
    territory = forms.ModelChoiceField(Territory.objects.none(), label="Territoire")
    year = forms.IntegerField(label="Année", min_value=2000, max_value=2100)
    amount = AmountField(label="Montant (€)")

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme, territory = self.fields["programme"], self.fields["territory"]
        assert isinstance(programme, forms.ModelChoiceField)
        assert isinstance(territory, forms.ModelChoiceField)
        programme.queryset = programmes
        territory.queryset = Territory.objects.filter(programmes__in=programmes).distinct()
        self.initial.setdefault("year", clock.today().year)


class EnvelopeAmountForm(SheetForm):
    amount = AmountField(label="Nouveau montant (€)")
    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
        error_messages={"required": "Donnez la raison."},
    )
