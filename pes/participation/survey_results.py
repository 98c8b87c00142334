"""The results of a survey: one frozen count that the pages, the chart and the workbook are made from (LC-05).

Answers in line and on paper are counted apart and shown apart: nobody can tell whether one person gave both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO

from django.db.models import Count, Sum
from django.utils import timezone

from pes.charts import mini
from pes.dates import long_date
from pes.demo_mark import demo_mark
from pes.models import PaperBatch, PaperCount, Survey, SurveyChoice, SurveyResponse, SurveyText, TextStatus
from pes.rules.numbers import format_percent, round_half_up
from pes.rules.surveys import share
from pes.workbooks.writer import Cell, SheetData, write_workbook

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class OptionResult:
    """An option and who marked it; shares are of who answered that way (0–100, None when nobody did)."""

    letter: str
    text: str
    online: int
    online_share: Decimal | None
    paper: int
    paper_share: Decimal | None

    @property
    def total(self) -> int:
        """In line and on paper."""
        return self.online + self.paper


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that was answered."""

    options: tuple[OptionResult, ...]
    online: int  # answers
    paper: int  # sheets
    batches: int
    texts: tuple[str, ...]  # those that moderation lets everybody read

    @property
    def people(self) -> int:
        """Answers in line and sheets on paper."""
        return self.online + self.paper


def results_of(survey: Survey) -> Results:
    """Count a survey; six queries, whatever was answered."""
    online = SurveyResponse.objects.filter(survey=survey).count()
    paper = PaperBatch.objects.filter(survey=survey).aggregate(sheets=Sum("sheets"), batches=Count("pk"))
    sheets = paper["sheets"] or 0
    chosen = SurveyChoice.objects.filter(response__survey=survey).values("option").annotate(marks=Count("pk"))
    marks = dict(chosen.order_by().values_list("option", "marks"))
    counted = PaperCount.objects.filter(batch__survey=survey).values("option").annotate(marks=Sum("count"))
    by_hand = dict(counted.order_by().values_list("option", "marks"))
    shown = SurveyText.objects.of(survey).filter(status=TextStatus.SHOWN)
    options = tuple(
        OptionResult(
            LETTERS[at],
            option.text,
            marks.get(option.pk, 0),
            share(marks.get(option.pk, 0), online),
            by_hand.get(option.pk, 0),
            share(by_hand.get(option.pk, 0), sheets),
        )
        for at, option in enumerate(survey.options.order_by("number"))
    )
    return Results(options, online, sheets, paper["batches"], tuple(shown.values_list("text", flat=True)))


def rows(results: Results) -> list[dict[str, str]]:
    """The chart and its figures: an option a row, its bars the shares of who answered in line and on paper."""
    return [
        {
            "option": f"{option.letter}) {option.text}",
            "bar": mini(option.online_share, title=f"{option.text}, en línea", state="no_information"),
            "paper_bar": mini(
                option.paper_share, title=f"{option.text}, en papel", state="no_information", tone="none"
            ),
            "online": str(option.online),
            "online_share": format_percent(option.online_share),
            "paper": str(option.paper),
            "paper_share": format_percent(option.paper_share),
            "total": str(option.total),
        }
        for option in results.options
    ]


def write_results(survey: Survey, results: Results, target: IO[bytes]) -> None:
    """The workbook of the counts: nobody's answer, only how many marked what."""
    headers = ("Opción", "En línea", "% en línea", "En papel", "% en papel", "Total")
    mark = demo_mark()
    shares = {"% en línea": "0.00", "% en papel": "0.00"}
    sheets = [
        SheetData("Resultados", headers, _count_rows(results), widths={"Opción": 60}, formats=shares, mark=mark),
        SheetData("Conteos en papel", _batch_headers(survey), _batch_rows(survey), widths={"Lugar": 40}, mark=mark),
        SheetData(
            "Respuestas abiertas",
            ("Respuesta",),
            ((text,) for text in results.texts),
            widths={"Respuesta": 90},
            mark=mark,
        ),
    ]
    write_workbook(target, sheets, created=timezone.now(), title=f"Encuesta · {survey.title}")


def last_day(survey: Survey) -> date:
    """The last day on which it took answers, or is to take them: the day it was closed, if that came first."""
    return min(survey.closes_on, timezone.localdate(survey.closed_at)) if survey.closed_at else survey.closes_on


def term_said(survey: Survey) -> str:
    """«Del 3 al 9…», with both days whole; a survey that was closed never announces a later end."""
    end = last_day(survey)
    if end < survey.opens_on:
        return f"Iba a abrir el {long_date(survey.opens_on)}; se cerró antes, el {long_date(end)}"
    return f"Del {long_date(survey.opens_on)} al {long_date(end)}"


def early_end_said(survey: Survey) -> str:
    """The end that was announced, for a survey that was closed before it; blank for the others."""
    if last_day(survey) == survey.closes_on:
        return ""
    return f"Cerró antes del día anunciado, que era el {long_date(survey.closes_on)}"


def _count_rows(results: Results) -> Iterator[tuple[Cell, ...]]:
    for option in results.options:
        yield (
            f"{option.letter}) {option.text}", option.online, _rounded(option.online_share), option.paper,
            _rounded(option.paper_share), option.total,
        )  # fmt: skip
    yield ("Respuestas", results.online, None, results.paper, None, results.people)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, 2)


def _batch_headers(survey: Survey) -> tuple[str, ...]:
    names = (f"{LETTERS[at]}) {option.text}" for at, option in enumerate(survey.options.order_by("number")))
    return ("Fecha", "Lugar", "Acta", "Hojas", *names)


def _batch_rows(survey: Survey) -> Iterator[tuple[Cell, ...]]:
    order = list(survey.options.order_by("number").values_list("pk", flat=True))
    for batch in survey.batches.order_by("held_on", "pk").prefetch_related("counts"):
        marks = {one.option_id: one.count for one in batch.counts.all()}
        counts = (marks.get(option, 0) for option in order)
        yield (batch.held_on, batch.place, batch.act_number, batch.sheets, *counts)
