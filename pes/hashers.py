"""Password hashing that lets a deadline day log in, and words that no password may be made of."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

LOCAL_WORDS = (
    "bogota",
    "bogotá",
    "alcaldia",
    "alcaldía",
    "oap",
    "planeacion",
    "planeación",
    "gobierno",
    "distrito",
    "pes",
)


class Argon2(Argon2PasswordHasher):
    """argon2id with t=2, m=19 MiB, p=1: the ASVS-approved set; Django's default gave 2–4 logins a second."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class LocalWordsValidator:
    """Refuses a password that is little more than a word everybody here would try first."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when fewer than eight characters are left without local words and digits."""
        rest = password.lower()
        for word in LOCAL_WORDS:
            rest = rest.replace(word, "")
        if rest != password.lower() and len("".join(c for c in rest if not c.isdigit())) < 8:
            raise ValidationError(
                "La contraseña se apoya en una palabra que cualquiera probaría aquí; use una frase propia.",
                code="password_local_word",
            )

    def get_help_text(self) -> str:
        """Shown beside the password field."""
        return "No la base en palabras como «Bogotá», «alcaldía» u «OAP»."
