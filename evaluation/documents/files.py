"""The files of a report: HTML, PDF, XLSX and, when it has too many rows for one document, a ZIP with one per entity."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from evaluation.documents import html, pdf
from evaluation.documents.context import ReportContext, split
from evaluation.documents.workbook import workbook
from pes.documents.assets import asset
from pes.documents.pdf import STYLE
from pes.documents.store import sha256

Progress = Callable[[int], None]
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same contents give the same bytes


@dataclass(frozen=True, slots=True)
class Files:
    """Contents by suffix (pdf, xlsx, html and perhaps zip) and the number of pages of all PDFs."""

    contents: dict[str, bytes]
    pages: int


def make(context: ReportContext, progress: Progress) -> Files:
    """Everything that a report is delivered as, from one frozen context and without the database."""
    main, parts = split(context)
    progress(5)
    data = workbook(context)
    progress(15)
    whole = pdf.render(main, data)
    contents = {
        "xlsx": data,
        "pdf": whole.content,
        "html": html.document(main, asset(STYLE).decode()).encode(),
    }
    pages = whole.pages
    if parts:
        contents["zip"], more = _archive(contents, parts, progress)
        pages += more
    progress(95)
    return Files(contents, pages)


def _archive(
    contents: dict[str, bytes], parts: tuple[tuple[str, ReportContext], ...], progress: Progress
) -> tuple[bytes, int]:
    """The main files, a PDF per entity with the data of that entity inside, and a manifest with every digest."""
    target, listed, pages = BytesIO(), [], 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in ("pdf", "xlsx"):
            listed.append(_add(archive, f"informe.{suffix}", contents[suffix], "Informe del sector"))
        for number, (code, part) in enumerate(parts, 1):
            made = pdf.render(part, workbook(part))
            listed.append(_add(archive, f"entidades/{code}.pdf", made.content, part.part))
            pages += made.pages
            progress(15 + 75 * number // len(parts))
        manifest = json.dumps({"archivos": listed}, ensure_ascii=False, indent=1).encode()
        _add(archive, "manifiesto.json", manifest, "")
    return target.getvalue(), pages


def _add(archive: zipfile.ZipFile, name: str, content: bytes, title: str) -> dict[str, str | int]:
    entry = zipfile.ZipInfo(name, ZIP_EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    archive.writestr(entry, content)
    return {"archivo": name, "titulo": title, "bytes": len(content), "sha256": sha256(content)}
