"""allauth's forms in the words of the site. They change labels and hints, and nothing else."""

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms import BaseForm, EmailField

from explor.intake.fields import LONGEST_ADDRESS, JSONField

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
            if isinstance(field, EmailField):
                field.validators.append(MaxLengthValidator(LONGEST_ADDRESS))
                field.widget.attrs["maxlength"] = LONGEST_ADDRESS


class AddAddress(_Reworded, AddEmailForm):  # type: ignore[misc]
    pass


class ConfirmAddress(_Reworded, ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
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


#: What a key that no browser of ours wrote makes of the library that reads it.
NO_KEY = (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError)


class _KeyRead:
    """A credential is written by the browser: one that cannot be read is a wrong key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert isinstance(self, BaseForm)
        self.fields["credential"] = JSONField(widget=self.fields["credential"].widget)

    def _read(self, read: Any) -> Any:
        try:
            return read()
        except ValidationError:
            raise
        except NO_KEY as error:
            raise ValidationError("Cette clé n’a pas pu être lue.") from error


class AddKey(_KeyRead, AddWebAuthnForm):  # type: ignore[misc]
    def clean(self) -> Any:
        return self._read(super().clean)


class AuthenticateKey(_KeyRead, AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return self._read(super().clean_credential)


class LoginKey(_KeyRead, LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return self._read(super().clean_credential)


class ProveAgainKey(_KeyRead, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return self._read(super().clean_credential)
