"""A picture as it is built: of its kind, whole, and of a size that can be looked at (UP1, UP6)."""

from __future__ import annotations

import warnings
import zipfile
from typing import Any, BinaryIO

# Loaded here because Pillow loads its readers late, and the child's doors are closed by then.
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
READERS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
MAX_PIXELS = 40_000_000

Image.preinit()


def answer(stream: BinaryIO, suffix: str) -> dict[str, Any]:
    """`verdict`: the code of what is wrong; nothing when the file is a picture of the kind that its name says."""
    if zipfile.is_zipfile(stream):
        return {"verdict": ["two_files_in_one", ""]}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _look(stream, FORMATS[suffix])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"verdict": ["image_too_large", ""]}
    except (OSError, ValueError, SyntaxError):
        return {"verdict": ["not_an_image", FORMATS[suffix]]}
    return {}


def _look(stream: BinaryIO, expected: str) -> None:
    stream.seek(0)
    with Image.open(stream, formats=[expected]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        image.verify()  # the container, to its end; it spends the picture
    stream.seek(0)
    with Image.open(stream, formats=[expected]) as image:
        image.draft("RGB", (1024, 1024))
        image.load()
