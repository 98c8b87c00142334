"""What an indicator's key may be written with: it names the indicator in workbooks and is part of addresses."""

from __future__ import annotations

import re

from pes.rules.problems import Problem

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def key_problem(key: str) -> Problem | None:
    """Why a key cannot be used, if it cannot: only what any address carries unchanged (RFC 3986, unreserved).

    It begins with a letter or a figure, so that it is never the `.` or `..` of a path.
    """
    if _SAFE.fullmatch(key):
        return None
    unsafe = sorted(set(re.sub(r"[A-Za-z0-9._-]", "", key)))
    shown = ", ".join("un espacio" if character.isspace() else f"«{character}»" for character in unsafe)
    found = f"tiene {shown}" if shown else "no empieza por una letra o una cifra"
    return Problem(
        "key_not_safe",
        "PES-01",
        f"La clave «{key}» {found} y hace parte de direcciones.",
        fix="Use letras sin tilde, cifras, punto, guion o guion bajo, empezando por letra o cifra: 321, P4, 3.2-a.",
    )
