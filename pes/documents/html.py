"""The documents as HTML: one self-contained file that reads well in a browser and is what the PDF is made from."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from pes.documents.blocks import Document


def html_of(document: Document, css: str = "") -> str:
    """The whole document; `css` (ours) goes inside, so that the file stands alone."""
    values = {"document": document, "css": SafeString(css)}
    return render_to_string("documents/blocks/document.html", values)
