"""Hostile evidence gets its verdict from its structure, in less than 5 s and 300 MB each (UP1 to UP7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pes import sandbox
from pes.files.inspection import LIMITS, VERDICTS, Verdict, look
from pes.rules.files import MEDIA_TYPES, display_name, file_problems, link_problems, suffix_of
from tests.pes.workbooks.hostile import processor_seconds
from tests.tracking import files, hostile

SECONDS, KIBIBYTES = 5, 300 * 1024
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "html_as_pdf": ("a.pdf", lambda: b"<html><script>x</script>", "not_a_pdf"),
    "html_before_pdf": ("a.pdf", lambda: b"<html>" + files.pdf(), "not_a_pdf"),
    "program_as_pdf": ("a.pdf", lambda: b"MZ\x90\x00" + bytes(500), "not_a_pdf"),
    "drawing_as_png": ("a.png", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "not_an_image"),
    "nothing_like_a_pdf": ("a.pdf", lambda: b"%PDF-1.7 y nada", "damaged_pdf"),
    "locked_pdf": ("a.pdf", files.locked, "protected_pdf"),
    "pdf_that_runs_on_opening": ("a.pdf", lambda: files.pdf(OpenAction=hostile.script()), "active_pdf"),
    "pdf_with_a_hidden_script": (
        "a.pdf",
        lambda: files.hidden({"S": files.pikepdf.Name.JavaScript, "JS": "x"}),
        "active_pdf",
    ),
    "pdf_that_launches": ("a.pdf", lambda: files.hidden({"S": files.pikepdf.Name.Launch}), "active_pdf"),
    "pdf_with_an_attachment": ("a.pdf", files.with_attachment, "active_pdf"),
    "pdf_with_xfa": ("a.pdf", lambda: hostile.raw_pdf(catalogue=b"/AcroForm<</XFA(x)>>"), "active_pdf"),
    "pdf_with_a_disguised_name": ("a.pdf", lambda: hostile.raw_pdf(b"<</S/J#61vaScript/J#53(x)>>"), "active_pdf"),
    "pdf_with_a_script_nobody_names": ("a.pdf", lambda: hostile.raw_pdf(b"[[<</S/Launch/F(x)>>]]"), "active_pdf"),
    "pdf_with_too_much_in_it": ("a.pdf", hostile.crowded_pdf, "too_heavy"),
    "pdf_and_zip": ("a.pdf", lambda: hostile.behind(files.pdf(), files.office()), "two_files_in_one"),
    "picture_and_zip": ("a.jpg", lambda: hostile.behind(files.image("JPEG"), files.office()), "two_files_in_one"),
    "picture_before_a_document": ("a.docx", lambda: hostile.behind(files.image(), files.office()), "not_a_document"),
    "macro_book_renamed": ("a.xlsx", lambda: files.office(files.MACRO_SHEET), "macros"),
    "macro_part": ("a.xlsx", lambda: files.office(files.SHEET, **{"xl/vbaProject.bin": b"x"}), "macros"),
    "active_control": ("a.docx", lambda: files.office(**{"word/activeX/x.xml": b"x"}), "macros"),
    "object_by_its_bytes": (
        "a.docx",
        lambda: files.office(**{"word/media/x.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
        "macros",
    ),
    "another_kind_of_document": ("a.docx", lambda: files.office(files.SHEET), "not_a_document"),
    "old_or_locked_document": (
        "a.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "protected_document",
    ),
    "bomb": ("a.docx", lambda: files.office(**{"word/x.xml": bytes(30_000_000)}), "container_too_large"),
    "a_hundred_thousand_parts": ("a.docx", lambda: hostile.many_parts(100_000), "container_too_large"),
    "four_thousand_parts": ("a.docx", lambda: hostile.many_parts(4_000), "container_too_large"),
    "container_inside": ("a.docx", lambda: files.office(**{"word/x.bin": files.office()}), "nested_container"),
    "container_inside_a_chart": (
        "a.docx",
        lambda: files.office(
            **{hostile.CHARTED: files.office(files.SHEET, **{"xl/embeddings/x.xlsx": files.office(files.SHEET)})}
        ),
        "nested_container",
    ),
    "macros_inside_a_chart": (
        "a.docx",
        lambda: files.office(**{hostile.CHARTED: files.office(files.MACRO_SHEET)}),
        "macros",
    ),
    "way_out": ("a.docx", lambda: files.office(**{"../../x": b"x"}), "unsafe_container"),
    "absolute_path": ("a.docx", lambda: files.office(**{"/etc/x": b"x"}), "unsafe_container"),
    "drive_path": ("a.docx", lambda: files.office(**{"C:\\x": b"x"}), "unsafe_container"),
    "symbolic_link": ("a.docx", hostile.with_symlink, "unsafe_container"),
    "thirty_thousand_pixels_a_side": ("a.png", lambda: hostile.png_of(30_000, 30_000), "image_too_large"),
    "truncated_photo": ("a.jpg", lambda: files.image("JPEG", (400, 400))[:-300], "not_an_image"),
    "truncated_picture": ("a.png", lambda: files.image()[:-20], "not_an_image"),
    "picture_with_a_swollen_comment": ("a.png", hostile.text_bomb, "not_an_image"),
    "another_kind_of_picture": ("a.png", lambda: files.image("JPEG"), "not_an_image"),
}
GOOD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf": ("acta.pdf", files.pdf),
    "photo_with_its_place": ("foto.JPG", hostile.photo),
    "largest_picture": ("foto.png", lambda: files.image(size=(8000, 4990))),
    "document_with_a_chart": ("a.docx", lambda: files.office(**{hostile.CHARTED: files.office(files.SHEET)})),
}


def judged(folder: Path, name: str, content: bytes) -> tuple[Verdict, float]:
    path = folder / "file"
    path.write_bytes(content)
    before = processor_seconds()
    return look(path, suffix_of(name)), processor_seconds() - before


@pytest.mark.rule("UP1", "UP2", "UP3", "UP5", "UP6")
@pytest.mark.parametrize(("name", "make", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gets_its_verdict_at_little_cost(tmp_path, name, make, code) -> None:
    verdict, seconds = judged(tmp_path, name, make())

    assert verdict.code == code
    assert (seconds < SECONDS, verdict.peak_kib < KIBIBYTES) == (True, True)


@pytest.mark.parametrize(("name", "make"), GOOD.values(), ids=GOOD.keys())
def test_a_good_file_passes_within_the_same_limits(tmp_path, name, make) -> None:
    verdict, seconds = judged(tmp_path, name, make())

    assert verdict.code == ""
    assert seconds < SECONDS
    assert 0 < verdict.peak_kib < KIBIBYTES


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("open('/etc/hostname')", "PermissionError('open')"),
        ("socket.socket()", "PermissionError('socket.__new__')"),
        ("bytearray(400 * 1024**2)", "MemoryError"),
    ],
    ids=["file", "network", "memory"],
)
def test_what_looks_at_a_file_reaches_nothing_else(tmp_path, deed, told) -> None:
    """A tricked parser is stood in for by one that does what it is told, in the real child with the real limits."""
    parser = tmp_path / "tricked_parser.py"
    parser.write_text(f"import socket\ndef answer(stream, question):\n    {deed}\n    return {{}}\n")
    boot = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "

    with pytest.MonkeyPatch.context() as patch, parser.open("rb") as file:
        patch.setattr(sandbox, "BOOT", boot + sandbox.BOOT)
        answer = sandbox.ask("tricked_parser", file, "", LIMITS)

    assert answer["refused"][1].startswith(told)


def test_a_verdict_is_told_with_what_to_do() -> None:
    assert [code for code, (rule, message, fix) in VERDICTS.items() if not (rule and message and fix)] == []


@pytest.mark.rule("UP4")
def test_an_empty_file_and_one_byte_too_many_are_refused_by_their_weight() -> None:
    most = 20 * 1024**2

    assert [problem.code for problem in file_problems(name="a.pdf", size=0, limit=most)] == ["empty_file"]
    assert [problem.code for problem in file_problems(name="a.pdf", size=most + 1, limit=most)] == ["file_too_large"]
    assert file_problems(name="a.pdf", size=most, limit=most) == []


@pytest.mark.rule("UP1", "UP2")
@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.html", "a.xlsm", "a.docm", "a.zip", "pdf", ".pdf", "a.pdf.exe"])
def test_a_name_of_no_accepted_kind_is_refused(name) -> None:
    assert [problem.code for problem in file_problems(name=name, size=1, limit=9)] == ["format_not_accepted"]
    assert suffix_of(name) not in MEDIA_TYPES


@pytest.mark.rule("UP7")
@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/acta.pdf", "acta.pdf"),
        ("C:\\Users\\x\\acta.pdf", "acta.pdf"),
        ("acta\r\nSet-Cookie: x.pdf", "acta Set-Cookie: x.pdf"),
        ("a\x00cta.pdf", "acta.pdf"),
        ("acta\u202efdp.exe", "actafdp.exe"),
        ("an\u0303o.pdf", "año.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("..", "archivo"),
        ("📎 acta.pdf", "📎 acta.pdf"),
    ],
    ids=["way_out", "drive", "two_lines", "nul", "turned_around", "decomposed", "long", "dots", "emoji"],
)
def test_names_are_normalised(raw, shown) -> None:
    assert display_name(raw) == shown


@pytest.mark.rule("UP15")
@pytest.mark.parametrize(
    "url",
    [
        "http://ejemplo.invalid/a",
        "javascript:alert(1)",
        "ftp://x/y",
        "https://",
        "https://" + "a:b@x.invalid/",
        "https://x.invalid/a b",
        "https://x.invalid/" + "a" * 1000,
        "https://[x",
        "https://x.invalid/\u202ea",
    ],
    ids=["plain", "script", "ftp", "nowhere", "password", "space", "long", "broken", "hidden"],
)
def test_only_plain_https_links_are_kept(url) -> None:
    assert [problem.code for problem in link_problems(url)] == ["link_not_accepted"]
