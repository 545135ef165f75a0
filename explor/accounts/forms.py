"""allauth's forms in the words of the site. They change labels and hints, and nothing else."""

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.forms import BaseForm

#: field → label, help
WORDS: dict[str, tuple[str, str]] = {
    "email": ("Adresse e-mail", ""),
    "login": ("Adresse e-mail", ""),
    "password": ("Mot de passe", ""),
    "password1": (
        "Mot de passe (facultatif)",
        "Douze signes au moins. Vous pourrez en choisir un plus tard, ou jamais.",
    ),
    "remember": ("Rester connecté·e sur cet appareil", ""),
    "code": ("Code", ""),
}


class _Reworded:
    """The placeholders repeat the labels, and vanish when one types: they go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert isinstance(self, BaseForm)
        for name, field in self.fields.items():
            label, help_text = WORDS.get(name, ("", ""))
            field.widget.attrs.pop("placeholder", None)
            if label:
                field.label = label
            if help_text:
                field.help_text = help_text


class AddAddress(_Reworded, AddEmailForm):  # type: ignore[misc]
    pass


class ConfirmLoginCode(_Reworded, ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class Login(_Reworded, LoginForm):  # type: ignore[misc]
    pass


class RequestCode(_Reworded, RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ResetPassword(_Reworded, ResetPasswordForm):  # type: ignore[misc]
    pass


class SignUp(_Reworded, SignupForm):  # type: ignore[misc]
    pass


class ActivateApplication(_Reworded, ActivateTOTPForm):  # type: ignore[misc]
    pass


class Authenticate(_Reworded, AuthenticateForm):  # type: ignore[misc]
    pass


class ProveAgain(_Reworded, ReauthenticateForm):  # type: ignore[misc]
    pass
