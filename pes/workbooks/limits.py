"""How much of an untrusted workbook is read (measured; cases IM6, IM7, UP5)."""

from __future__ import annotations

from pes.sandbox import Limits

MEBIBYTE = 1024 * 1024

# ZIP container, judged from its central directory before anything is unpacked.
MAX_PARTS = 200
MAX_UNPACKED = 60 * MEBIBYTE
MAX_RATIO = 100
RATIO_FLOOR = MEBIBYTE  # a small part full of zeros (printer settings) is no bomb
MAX_PART = {  # parts that openpyxl builds as whole trees
    "[Content_Types].xml": MEBIBYTE,
    "xl/workbook.xml": MEBIBYTE,
    "xl/styles.xml": 5 * MEBIBYTE,
    "xl/theme/theme1.xml": MEBIBYTE,
    "docProps/core.xml": MEBIBYTE,
    "docProps/custom.xml": MEBIBYTE,
}

# Sheets.
MAX_ROWS = 5_000  # data rows under the header
MAX_COLUMNS = 120
HEADER_SEARCH = 20  # the header row is looked for in the first rows that hold something
MAX_ELEMENTS = 2_000_000  # XML elements of one sheet before its empty tail; a full one has 1.8 million
MAX_STRINGS = 600_000  # one full sheet of different texts
MAX_MERGES = 10_000
MAX_MERGED_AREA = 1_000_000  # rows that merges cover, overlaps included
MAX_TEXT = 20_000_000  # characters handed over; a shared text may be used a million times

# Child process (quality.md §3).
OF_THE_CHILD = Limits(address_space=512 * MEBIBYTE, cpu_seconds=20, wall_seconds=30, answer_bytes=96 * MEBIBYTE)
