"""Forms at the door: login with the demonstration's people, first password of an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddKeyForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from pes.demo import groups
from pes.forms.base import ActionForm
from pes.models import User


class LoginForm(AllauthLoginForm):
    """allauth's form in our words, and the people of the demonstration when this is one."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Correo electrónico"
        self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["password"].label = "Contraseña"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.demo_groups = groups() if settings.PES_DEMO else []


class AddKeyForm(AllauthAddKeyForm):
    """allauth's form of a security key, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nombre de la llave"
        self.fields["name"].help_text = "Para reconocerla después. Por ejemplo: «Llave USB de la oficina»."


class FirstPasswordForm(ActionForm):
    """The password that an invited person chooses, twice."""

    password = forms.CharField(
        label="Contraseña nueva",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=" ".join(["Una frase larga y suya es lo mejor.", *password_validators_help_texts()]),
    )
    again = forms.CharField(
        label="Escríbala otra vez",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse what Django's validators refuse."""
        validate_password(self.cleaned_data["password"], self.person)
        return str(self.cleaned_data["password"])

    def clean_again(self) -> str:
        """Both boxes must say the same."""
        if self.cleaned_data["again"] != self.data.get("password"):
            raise ValidationError("No es igual a la de arriba. Escríbalas de nuevo.")
        return str(self.cleaned_data["again"])
