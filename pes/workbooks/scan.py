"""XML of an untrusted workbook without entities, and the empty tail of its sheets. Cases IM6, IM7.

Runs in the child. Every part is parsed by expat with handlers that refuse a DOCTYPE.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, NoReturn, Protocol
from xml.parsers import expat

from pes.workbooks import limits
from pes.workbooks.items import Refusal

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
CHUNK = 256 * 1024
# What a cell that holds something is made of, with or without a namespace prefix.
CONTENT_MARKS = (b"<v", b"<is", b"<f", b":v", b":is", b":f")
TABLE_END = b"</sheetData"
REFERENCE = re.compile(rb"""<c\s[^>]*?\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")


@dataclass(frozen=True, slots=True)
class Tail:
    """Byte offsets: after `last_mark` the sheet's table, which closes at `end`, holds nothing.

    `last_cell` is the last cell before, to be named. All zero when there is no telling.
    """

    last_mark: int
    end: int
    last_cell: str


def find_tail(stream: IO[bytes]) -> Tail:
    """Look for the empty tail in the raw bytes, twenty times faster than a parser.

    It errs on the safe side: a mark in a text or an attribute only makes the tail shorter,
    and with comments, CDATA, instructions or UTF-16, which no office writes, there is none.
    """
    last_mark = end = position = 0
    carry, reference = b"", b""
    while chunk := stream.read(CHUNK):
        window = carry + chunk
        has_oddity = b"<!" in window or window.find(b"<?", 0 if position else 8) >= 0
        if has_oddity or window.find(b"\0", 0, 200) >= 0:
            return Tail(0, 0, "")
        origin = position - len(carry)
        stop = window.find(TABLE_END)
        last = max(window.rfind(mark, 0, stop if stop >= 0 else len(window)) for mark in CONTENT_MARKS)
        if last >= 0:
            last_mark = origin + last
            near = REFERENCE.findall(window, max(0, last - 400), last)
            reference = near[-1] if near else reference
        if stop >= 0:
            end = origin + stop
            break
        position += len(chunk)
        carry = window[-500:]
    return Tail(last_mark, end, reference.decode()) if end else Tail(0, 0, "")


def refuse_entities(stream: IO[bytes]) -> None:
    """Read a part's prologue: a DOCTYPE there is refused before any parser expands it."""
    parser = safe_parser()

    def stop(_name: str, _attributes: object) -> None:
        raise StopIteration

    parser.StartElementHandler = stop
    try:
        feed(parser, stream)
        parser.Parse(b"", True)
    except StopIteration:
        return


def elements(stream: IO[bytes], on_start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `on_start(local name, attributes)` for every element of a small part."""
    parser = safe_parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        on_start(name.rpartition(" ")[2], attributes)

    parser.StartElementHandler = start
    feed(parser, stream)
    parser.Parse(b"", True)


class Texts:
    """A table of shared texts, without their phonetic guides or their formats.

    Raises `Refusal` for one that could not belong to sheets within limits.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.parser = stream, safe_parser()
        self.count, self.is_guide = 0, False
        self.pieces: list[str] = []
        self.texts: list[str] = []
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def read(self) -> list[str]:
        feed(self.parser, self.stream)
        self.parser.Parse(b"", True)
        return self.texts

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > limits.MAX_STRINGS * 2:  # each text is at least <si><t>
            raise Refusal("too_heavy", found="demasiados textos distintos")
        if name == MAIN + "t":
            if not self.is_guide:
                self.parser.CharacterDataHandler = self.pieces.append
        elif name == MAIN + "si":
            self.pieces.clear()
        elif name == MAIN + "rPh":
            self.is_guide = True

    def _end(self, name: str) -> None:
        if name == MAIN + "t":
            self.parser.CharacterDataHandler = None
        elif name == MAIN + "si":
            self.texts.append("".join(self.pieces))
        elif name == MAIN + "rPh":
            self.is_guide = False


def safe_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_arguments: object) -> NoReturn:
        raise Refusal("forbidden_xml", found="DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def feed(parser: expat.XMLParserType, stream: Readable) -> None:
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
