"""The report as HTML: one self-contained file that reads well in a browser and is what the PDF is made from."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evaluation.documents.context import ReportContext
from evaluation.documents.wording import GLOSSARY


def document(context: ReportContext, css: str = "") -> str:
    """The whole document; `css` (ours) goes inside, so that the file stands alone."""
    values = {"report": context, "glossary": GLOSSARY, "css": SafeString(css)}
    return render_to_string("documents/report.html", values)
