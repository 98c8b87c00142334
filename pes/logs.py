"""Structured logs without people's data."""

from __future__ import annotations

import json
import logging
import re

# Addresses of people, and the secrets of links that open an account (DA7): errors of the database quote the first,
# and every line about a request carries its path.
_PRIVATE = (
    (re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[correo]"),
    (re.compile(r"(/administracion/invitacion/|/password/reset/key/)[^\s/\"'?]+"), r"\1[secreto]"),
)


def without_private(text: str) -> str:
    """The text without e-mail addresses and without the secrets of invitations and password resets."""
    for pattern, instead in _PRIVATE:
        text = pattern.sub(instead, text)
    return text


class JsonFormatter(logging.Formatter):
    """One JSON object a line, so that a newline in a name cannot forge an entry (DA8)."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON; an error that a person saw carries the reference that the page gave (DA9)."""
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_private(record.getMessage()),
        }
        reference = getattr(getattr(record, "request", None), "error_reference", "")
        if reference:
            entry["reference"] = reference
        if record.exc_info:
            entry["exception"] = without_private(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
