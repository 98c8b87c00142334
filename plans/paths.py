"""How a plan stands in an address: the code of its unit and its vigencia."""

from __future__ import annotations

from django.urls import register_converter


class YearConverter:
    """A year of four digits; longer numbers are no address, and no database could hold them."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        """The year."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The year in an address."""
        return f"{value:04}"


register_converter(YearConverter, "year")
PLAN = "<slug:unit>/<year:vigencia>"
