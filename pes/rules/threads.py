"""What may be said in a thread of observations or comments, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator

from pes.rules.problems import Problem

TEXT_LIMIT = 4000  # characters


def text_problems(text: str, rule: str) -> Iterator[Problem]:
    """What is wrong with what somebody says in a thread; `rule` is the state machine under which it is said."""
    if not text.strip():
        yield Problem("text_missing", rule, "Falta el texto.", fix="Escriba qué se observa o qué se responde.")
    elif len(text) > TEXT_LIMIT:
        message = f"El texto tiene {len(text)} caracteres y caben {TEXT_LIMIT}."
        yield Problem("text_too_long", rule, message, fix="Acórtelo o divídalo en dos.")
