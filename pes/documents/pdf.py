"""A document as one PDF that claims PDF/A-3a and PDF/UA-1 and carries its data workbook.

WeasyPrint takes a second to import and is imported where it is used, inside the job. It reaches nothing: the style and
the five fonts are in memory, and its fetcher refuses every other address (PD1, PD2). No clock is read: the same
context gives the same bytes (PD4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

from pes.documents.assets import asset

BASE = "https://pes.invalid/"  # reserved by RFC 2606: it cannot resolve
STYLE = "css/print.css"
FONTS = tuple(f"fonts/nunito-sans-latin-{face}.woff2" for face in
              ("400-normal", "400-italic", "600-normal", "700-normal", "800-normal"))  # fmt: skip
DATA_NAME = "datos.xlsx"

_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>"""
# PDF/A asks that a schema it does not know be described; PDF/UA's is one.
_UA_SCHEMA = b"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished PDF."""

    content: bytes
    pages: int


class Blocked(ValueError):
    """A document asked for something that is not one of our own static files."""


@cache
def _assets() -> dict[str, bytes]:
    return {BASE + name: asset(name) for name in FONTS}


def render_html(
    html: str, workbook: bytes | None, *, dated_at: datetime, description: str = "", name: str = DATA_NAME
) -> Pdf:
    """Lay one of our HTML documents out, with its data inside under a name, if it has any.

    Raises Blocked if it asks for anything but our fonts.
    """
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts, instant = static_only(), FontConfiguration(), dated_at.astimezone(UTC)
    css = CSS(string=asset(STYLE).decode(), base_url=BASE + STYLE, font_config=fonts, url_fetcher=fetcher)
    data = [] if workbook is None else [Attachment(
        file_obj=BytesIO(workbook), name=name, description=description, created=instant, modified=instant,
        relationship="Data", url_fetcher=fetcher,
    )]  # fmt: skip
    options: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "attachments": data, "presentational_hints": False}
    laid_out = HTML(string=html, base_url=BASE, url_fetcher=fetcher).render(
        font_config=fonts, stylesheets=[css], **options
    )
    content = laid_out.write_pdf(finisher=_claim_accessibility, **options)
    if fetcher.refused:  # never deliver a document with a hole where something foreign was asked for
        raise Blocked(f"El documento pidió recursos ajenos: {', '.join(fetcher.refused)}")
    return Pdf(content, len(laid_out.pages))


def static_only() -> Any:
    """A fetcher that serves our five fonts from memory, refuses everything else and remembers what it refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticOnly(URLFetcher):
        def __init__(self) -> None:
            super().__init__()
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            content = _assets().get(url)
            if content is None:
                self.refused.append(url[:200])
                raise ValueError("El documento pidió un recurso ajeno.")
            return URLFetcherResponse(url, content, {"Content-Type": "font/woff2"})

    return StaticOnly()


def _claim_accessibility(document: Any, pdf: Any) -> None:
    """Add the identification of PDF/UA-1 to the metadata of PDF/A (WeasyPrint writes one variant at a time)."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    said = stream.stream[0]
    said = said if isinstance(said, bytes) else said.encode()
    stream.stream = [said.replace(b"</rdf:RDF>", _UA + _UA_SCHEMA + b"</rdf:RDF>")]
