"""Pesos of a project in a vigencia: programmed, committed, paid (LC-07, chapter 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pes.rules.numbers import ZERO, exact, ratio_to_percent, spanish_figures
from pes.rules.problems import Problem

MOST = Decimal("9999999999999.99")  # pesos that a figure may have


@dataclass(frozen=True, slots=True)
class Money:
    """Pesos (COP) of one project in a vigencia, or of several; None is not known, and never zero.

    Committed and paid are accumulated from the start of the vigencia to `cutoff_on`.
    """

    programmed: Decimal | None = None
    committed: Decimal | None = None
    paid: Decimal | None = None
    cutoff_on: date | None = None
    source: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return self == Money()

    @property
    def committed_percent(self) -> Decimal | None:
        """Committed of programmed, 0-100; None when one is not known or nothing is programmed."""
        return _share(self.committed, self.programmed)

    @property
    def paid_percent(self) -> Decimal | None:
        """Paid of programmed, 0-100 (the budget's own measure of execution)."""
        return _share(self.paid, self.programmed)


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or whole is None or whole == ZERO:
        return None
    with exact():
        return ratio_to_percent(part / whole)


def pesos(value: Decimal | None) -> str:
    """«$ 1.250.000» (cents only where there are some); a figure that is not known is a dash."""
    if value is None:
        return "–"
    return f"$ {spanish_figures(value, 0 if value == value.to_integral_value() else 2)}"


def money_problems(said: Money, vigencia: int, today: date) -> Iterator[Problem]:
    """What is wrong with the resources of a project in a vigencia; a warning where it only looks odd."""
    yield from _amount_problems(said)
    yield from _order_problems(said)
    yield from _origin_problems(said, vigencia, today)


def _amount_problems(said: Money) -> Iterator[Problem]:
    named = (("programado", said.programmed), ("comprometido", said.committed), ("pagado", said.paid))
    for name, value in named:
        if value is not None:
            yield from amount_problems(name, value)


def amount_problems(name: str, value: Decimal) -> Iterator[Problem]:
    """What is wrong with a figure in pesos, called `name` («programado»)."""
    if value < ZERO:
        message = f"El {name} es negativo: {pesos(value)}."
        yield Problem("amount_negative", "LC-07", message, fix="Escriba pesos desde cero; vacío si no se conoce.")
    if value > MOST:
        message = f"El {name} no cabe: {pesos(value)}."
        yield Problem("amount_too_big", "LC-07", message, fix=f"Escriba pesos, hasta {pesos(MOST)}.")
    if value != round(value, 2):
        message = f"El {name} tiene más de dos decimales."
        yield Problem("amount_too_fine", "LC-07", message, fix="Escriba pesos con dos decimales como máximo.")


def _order_problems(said: Money) -> Iterator[Problem]:
    if said.programmed is None and not said.is_empty:
        message = "Falta lo programado."
        yield Problem("programmed_missing", "LC-07", message, fix="Escriba los recursos programados, así sean cero.")
    if said.paid is not None and said.committed is None:
        message = "Hay un pagado sin comprometido."
        yield Problem("paid_alone", "LC-07", message, fix="Escriba también lo comprometido.")
    if said.paid is not None and said.committed is not None and said.paid > said.committed:
        message = f"Lo pagado ({pesos(said.paid)}) supera lo comprometido ({pesos(said.committed)})."
        yield Problem(
            "paid_over_committed", "LC-07", message, fix="Solo se paga lo comprometido: revise las dos cifras."
        )
    if said.committed is not None and said.programmed is not None and said.committed > said.programmed:
        message = f"Lo comprometido ({pesos(said.committed)}) supera lo programado ({pesos(said.programmed)})."
        fix = "Si hubo una adición, actualice lo programado."
        yield Problem("committed_over_programmed", "LC-07", message, blocking=False, fix=fix)


def _origin_problems(said: Money, vigencia: int, today: date) -> Iterator[Problem]:
    if said.committed is not None and said.cutoff_on is None:
        message = "Falta la fecha de corte de lo comprometido."
        yield Problem("cutoff_missing", "LC-07", message, fix="Escriba hasta qué día van las cifras.")
    if said.committed is not None and not said.source:
        message = "Falta la fuente de lo comprometido."
        yield Problem("source_missing", "LC-07", message, fix="Escriba de qué reporte salen las cifras.")
    if said.cutoff_on is not None and said.cutoff_on > today:
        message = "La fecha de corte está por llegar."
        yield Problem("cutoff_in_future", "LC-07", message, fix="Escriba hasta qué día van las cifras: hoy o antes.")
    if said.cutoff_on is not None and said.cutoff_on.year < vigencia:
        message = f"El corte es anterior a la vigencia {vigencia}."
        yield Problem("cutoff_before", "LC-07", message, fix="Escriba una fecha de la vigencia, o posterior.")


def total(lines: Iterable[Money]) -> Money:
    """The sum of what is known, each figure apart; None where no line knows it. Without cut-off or source."""
    rows = list(lines)

    def added(values: Iterable[Decimal | None]) -> Decimal | None:
        known = [value for value in values if value is not None]
        return sum(known, ZERO) if known else None

    return Money(
        added(row.programmed for row in rows),
        added(row.committed for row in rows),
        added(row.paid for row in rows),
    )
