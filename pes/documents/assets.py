"""Static files that documents are made with."""

from pathlib import Path

from django.contrib.staticfiles import finders


def asset(name: str) -> bytes:
    """A static file of ours. Raises FileNotFoundError: a document without its style or fonts is not made (PD5)."""
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"Falta el archivo estático {name}.")
    return Path(found).read_bytes()
