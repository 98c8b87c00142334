"""The report as HTML: one self-contained file that reads well in a browser and is what the PDF is made from."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evaluation.documents.context import ReportContext
from evaluation.documents.wording import GLOSSARY

OPENING, CLOSING = "<main>", "</main>"


def document(context: ReportContext, css: str = "") -> str:
    """The whole document; `css` (ours) goes inside, so that the file stands alone."""
    values = {"report": context, "glossary": GLOSSARY, "css": SafeString(css)}
    return render_to_string("documents/report.html", values)


def body(whole: str) -> SafeString:
    """The sections of a stored document, to be shown inside a page of the site.

    Our template writes the element once and every text of a person was escaped, so that its marks occur once.
    """
    return SafeString(whole.partition(OPENING)[2].partition(CLOSING)[0])


def asset(name: str) -> bytes:
    """A static file of ours. Raises FileNotFoundError: a document without its style or fonts is not made (PD5)."""
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"Falta el archivo estático {name}.")
    return Path(found).read_bytes()
