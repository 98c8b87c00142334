"""Due dates of the quarterly report (CAL-01…05)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from pes import commands
from pes.calendar_co import non_working_days
from pes.rules.calendar import quarter_end, report_due_on


class Command(commands.Command):
    help = "Muestra el corte y el vencimiento de cada trimestre de una vigencia."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--vigencia", required=True, type=int, metavar="AAAA", choices=range(1990, 2101))

    def handle(self, *args: Any, vigencia: int, format: str, **options: Any) -> None:
        days_off = non_working_days([vigencia, vigencia + 1])  # the fourth quarter is due in January
        quarters = [
            {
                "quarter": quarter,
                "cutoff": quarter_end(vigencia, quarter).isoformat(),
                "due_on": report_due_on(vigencia, quarter, days_off).isoformat(),
            }
            for quarter in (1, 2, 3, 4)
        ]
        if format == "json":
            self.say(quarters)
        else:
            self.table(["Trimestre", "Corte", "Vence"], [list(quarter.values()) for quarter in quarters])
