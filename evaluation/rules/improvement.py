"""What may be written of bottlenecks and actions, how old they are, and the effect that stored cut-offs show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pes.rules.numbers import exact
from pes.rules.problems import Problem

TITLE_LIMIT, TEXT_LIMIT = 250, 4000
FULL = 100  # per cent
SOON_DAYS = 7
_RULE = "REP-03"


@dataclass(frozen=True, slots=True)
class Reading:
    """A percentage (ratio 0–1, None: unknown) that a stored cut-off gives, and the day of the cut-off."""

    on: date
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a stored cut-off said before an action and what the last one says; `change` is their difference (ratio).

    `vigencia` is that in which the action begins, when it is known.
    """

    before: Reading | None
    after: Reading | None
    change: Decimal | None
    vigencia: int | None = None

    @property
    def is_of_another_vigencia(self) -> bool:
        """Whether the cut-off before is of a vigencia other than the action's: its progress began anew since."""
        return self.before is not None and self.vigencia not in (None, self.before.on.year)


def effect(before: Reading | None, after: Reading | None, vigencia: int | None = None) -> Effect:
    """The measured effect; without both figures, of the same vigencia and two cut-offs, no difference is invented.

    The progress of a PES begins anew each vigencia, so figures of two vigencias are shown and not subtracted.
    """
    if before is None or after is None or after.on <= before.on:
        return Effect(before, None, None, vigencia)
    if before.ratio is None or after.ratio is None or before.on.year != after.on.year:
        return Effect(before, after, None, vigencia)
    with exact():
        return Effect(before, after, after.ratio - before.ratio, vigencia)


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that a PES admits for what is done about it."""

    earliest: date
    latest: date


def span_of(first: int, last: int, today: date) -> Span:
    """The vigencias of a PES with a year on either side: it is prepared before and evaluated after.

    Of a PES that has run out something may still be pending: then the last day is the end of next year.
    """
    return Span(date(first - 1, 1, 1), date(max(last, today.year) + 1, 12, 31))


def bottleneck_problems(
    *, title: str, cause: str, since: date, today: date, earliest: date, targets: int
) -> Iterator[Problem]:
    """What a bottleneck lacks; `targets` counts the objective, indicator and project that it names."""
    yield from text_problems(title, "title", "qué frena el avance", TITLE_LIMIT)
    yield from text_problems(cause, "cause", "la causa")
    if not targets:
        message = "Falta decir qué objetivo, indicador o proyecto frena."
        yield Problem("target_missing", _RULE, message, fix="Elija al menos uno.")
    if since > today:
        yield Problem("since_in_future", _RULE, "Un cuello de botella no empieza en el futuro.", fix="Revise la fecha.")
    elif since < earliest:
        message = f"El cuello de botella empezaría antes de {earliest.year}: este PES no existía."
        yield Problem("since_before_plan", _RULE, message, fix=f"Escriba un día desde {earliest.year}.")


def action_problems(*, text: str, expected_effect: str, starts_on: date, due_on: date, span: Span) -> Iterator[Problem]:
    """What an action lacks; its days lie in the `span` of its PES."""
    yield from text_problems(text, "text", "la acción")
    yield from text_problems(expected_effect, "expected_effect", "el efecto esperado")
    if due_on < starts_on:
        message = "La acción vencería antes de empezar."
        yield Problem("due_before_start", _RULE, message, fix="Escriba un vencimiento igual o posterior al inicio.")
    if starts_on < span.earliest:
        message = f"La acción empezaría antes de {span.earliest.year}: este PES no existía."
        yield Problem("starts_before_plan", _RULE, message, fix=f"Escriba un inicio desde {span.earliest.year}.")
    if due_on > span.latest:
        message = f"La acción vencería después de {span.latest.year}, cuando el PES ya terminó."
        yield Problem("due_after_plan", _RULE, message, fix=f"Escriba un vencimiento hasta {span.latest.year}.")


def follow_up_problems(*, progress: int, text: str, last: int) -> Iterator[Problem]:
    """What a follow-up lacks; a progress (0–100) lower than the `last` one needs words, which are asked for anyway."""
    yield from text_problems(text, "text", "qué se hizo")
    if not 0 <= progress <= FULL:
        yield Problem("progress_outside", _RULE, f"{progress} % no es un avance.", fix="Escriba un número de 0 a 100.")
    elif progress < last:
        message = f"El avance baja de {last} % a {progress} %."
        yield Problem("progress_falls", _RULE, message, blocking=False, fix="Explique por qué en el texto.")


def finish_problems(*, last: int | None, has_evidence: bool) -> Iterator[Problem]:
    """What keeps an action from being finished: its last progress (0–100, None: no follow-up) or its proof."""
    if last != FULL:
        reached = "no tiene seguimientos" if last is None else f"va en {last} %"
        message = f"La acción {reached}: no se puede dar por terminada."
        yield Problem("action_unfinished", _RULE, message, fix="Registre un seguimiento con avance de 100 %.")
    if not has_evidence:
        message = "Ningún seguimiento tiene evidencia."
        yield Problem("evidence_missing", _RULE, message, fix="Adjunte un archivo o un enlace en un seguimiento.")


def verifier_problems(*, is_owner: bool, is_finisher: bool) -> Iterator[Problem]:
    """Who did it does not verify it: the author and the approver are two people (AZ4)."""
    if is_owner or is_finisher:
        message = "Usted hizo esta acción o la dio por terminada; la verifica otra persona."
        yield Problem("author_is_approver", "AZ4", message, fix="Pida la verificación a otra persona.")


def text_problems(text: str, code: str, what: str, limit: int = TEXT_LIMIT) -> Iterator[Problem]:
    """Whether a text is there and fits."""
    if not text:
        yield Problem(f"{code}_missing", _RULE, f"Falta {what}.", fix="Escríbalo y guarde otra vez.")
    elif len(text) > limit:
        message = f"Escribió {len(text)} caracteres y caben {limit}."
        yield Problem(f"{code}_too_long", _RULE, message, fix="Acorte el texto.")


def age_text(since: date, today: date) -> str:
    """How long something stands: «hoy», «3 días», «2 meses», «1 año»."""
    days = (today - since).days
    if days <= 0:
        return "desde hoy"
    for length, one, many in ((365, "año", "años"), (30, "mes", "meses"), (1, "día", "días")):
        if days >= length:
            count = days // length
            return f"{count} {one if count == 1 else many}"
    raise AssertionError("a whole day is left")


def due_tone(due_on: date, today: date, *, is_open: bool) -> str:
    """Tone of a due day: late, soon, or none; what is finished is never late."""
    if not is_open:
        return "off"
    if due_on < today:
        return "risk"
    return "warn" if (due_on - today).days <= SOON_DAYS else "neutral"
