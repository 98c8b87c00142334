"""The citizen survey: its states, what may be asked, answered, counted by hand and published (LC-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pes.permissions import Permission
from pes.rules.numbers import HUNDRED
from pes.rules.problems import Problem
from pes.rules.spoken import spoken_day
from pes.rules.texts import length_problems, missing_problems
from pes.rules.transitions import Transition

RULE = "LC-05"
DRAFT, OPEN, CLOSED, PUBLISHED = "draft", "open", "closed", "published"
STATES = (DRAFT, OPEN, CLOSED, PUBLISHED)
MANAGE = Permission.SURVEY_MANAGE
TRANSITIONS = (
    Transition("open", {DRAFT}, OPEN, MANAGE),
    Transition("close", {OPEN}, CLOSED, MANAGE),
    Transition("expire", {OPEN}, CLOSED, None),
    Transition("reopen", {CLOSED}, OPEN, MANAGE, needs_reason=True),
    Transition("publish", {CLOSED}, PUBLISHED, MANAGE),
)

TITLE_LIMIT, QUESTION_LIMIT, INTRODUCTION_LIMIT = 150, 1000, 1500  # characters
OPTION_LIMIT, TEXT_LIMIT, REASON_LIMIT = 200, 200, 250
FEWEST_OPTIONS, MOST_OPTIONS = 2, 15
LONGEST = timedelta(days=366)
MOST_SHEETS = 100_000  # in one count by hand


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option as it is asked for; one of them may ask to write which."""

    text: str
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the answers of one network are taken, and those of everybody (counts a span of time)."""

    first_wait: int = 3  # seconds between a form and its answer: nobody reads faster
    eased: int = 20  # forms a minute that one network may ask for before its forms wait longer
    longest_wait: int = 30
    a_minute: int = 90
    an_hour: int = 1_000
    a_day: int = 4_000
    everybody_a_minute: int = 600

    def wait(self, asked: int) -> int:
        """Seconds that a form waits, the `asked`-th that its network asks for in this minute."""
        return min(self.first_wait + max(asked - self.eased, 0) // 5, self.longest_wait)


def read_options(text: str, other: str) -> list[OptionLine]:
    """Options of a text with one a line, in order; `other` is the last one, that asks which, unless it is blank."""
    lines = [OptionLine(" ".join(line.split())) for line in text.splitlines() if line.strip()]
    return [*lines, OptionLine(other, is_other=True)] if other else lines


def content_problems(*, title: str, question: str, introduction: str, options: Sequence[OptionLine]) -> list[Problem]:
    """What is wrong with what a survey asks."""
    return [
        *_text(title, "title", "el título", TITLE_LIMIT),
        *_text(question, "question", "la pregunta", QUESTION_LIMIT),
        *_length(introduction, "introduction", INTRODUCTION_LIMIT),
        *_options(options),
    ]


def term_problems(opens_on: date, closes_on: date) -> Iterator[Problem]:
    """What is wrong with the days of a survey; both count whole, in Bogotá."""
    if closes_on < opens_on:
        yield _problem("survey_ends_before", "La encuesta cerraría antes de abrir.", "Escriba un cierre posterior.")
    elif closes_on - opens_on > LONGEST:
        yield _problem("survey_too_long", "La encuesta duraría más de un año.", "Revise el año de las fechas.")


def opening_problems(closes_on: date, today: date) -> Iterator[Problem]:
    """What keeps a survey from being opened, or opened again."""
    if closes_on < today:
        message = f"La fecha de cierre, el {spoken_day(closes_on)}, ya pasó."
        yield _problem("survey_over", message, "Corrija antes la fecha de cierre.")


def change_problems(status: str, *, asks_other: bool) -> Iterator[Problem]:
    """What keeps a survey from being corrected: what was asked stays as it was asked, only its end may move."""
    if status == PUBLISHED:
        yield _problem("survey_published", "Los resultados ya se publicaron.", "Prepare otra encuesta.")
    elif status != DRAFT and asks_other:
        message = "La encuesta ya se abrió: la pregunta y sus opciones no cambian."
        yield _problem("survey_was_asked", message, "Cambie solo la presentación o la fecha de cierre.")


def availability_problems(status: str, opens_on: date, closes_on: date, today: date) -> Iterator[Problem]:
    """What keeps a citizen from answering today."""
    if status == DRAFT:
        yield _problem("survey_not_open", "La encuesta todavía no se ha abierto.")
    elif status != OPEN or today > closes_on:
        yield _problem("survey_closed", "La encuesta terminó y ya no recibe respuestas.")
    elif today < opens_on:
        yield _problem("survey_not_open", "La encuesta todavía no abre.", "Vuelva el día en que abre.")


def answer_problems(
    chosen: Sequence[int], options: Mapping[int, bool], *, is_multiple: bool, text: str
) -> list[Problem]:
    """What is wrong with an answer: the options it marks, of those there are (number → whether it asks which)."""
    if not chosen:
        fix = "Marque al menos una opción." if is_multiple else "Marque una opción."
        return [_problem("nothing_chosen", "No marcó ninguna opción.", fix)]
    if not set(chosen) <= set(options) or len(set(chosen)) != len(chosen):
        return [_problem("unknown_option", "Una de las opciones no es de esta encuesta.", "Márquelas otra vez.")]
    if not is_multiple and len(chosen) > 1:
        return [_problem("too_many_chosen", "Marcó más de una opción.", "Marque solo una.")]
    asks_which = any(options[number] for number in chosen)
    if asks_which and not text:
        return [_problem("which_missing", "Marcó «otro» y no escribió cuál.", "Escriba cuál, o desmárquelo.")]
    if text and not asks_which:
        fix = "Marque también esa opción, o borre lo que escribió."
        return [_problem("other_not_marked", "Escribió cuál pero no marcó «otro».", fix)]
    return list(_length(text, "which", TEXT_LIMIT))


def paper_problems(
    *,
    status: str,
    sheets: int,
    counts: Mapping[str, int],
    is_multiple: bool,
    held_on: date,
    opens_on: date,
    last_day: date,
    today: date,
) -> list[Problem]:
    """What is wrong with a count by hand: sheets in all, and by option how many of them mark it.

    `last_day` is the last one of the survey, counted whole: the announced one, or that of its closing if it came first.
    """
    stuck = paper_time_problems(status)
    if stuck:
        return stuck
    found = list(_day(held_on, opens_on, last_day, today))
    if not 1 <= sheets <= MOST_SHEETS:
        fix = f"Escriba un número entre 1 y {MOST_SHEETS}."
        found.append(_problem("sheets_out_of_range", f"No puede haber {sheets} hojas.", fix))
    for option, count in counts.items():
        if not 0 <= count <= sheets:
            message = f"«{option}» tiene {count} marcas y son {sheets} hojas."
            found.append(_problem("count_over_sheets", message, "Una hoja marca una opción a lo sumo una vez."))
    marks = sum(counts.values())
    if not is_multiple and marks > sheets:
        message = f"Las opciones suman {marks} y son {sheets} hojas con una sola respuesta."
        found.append(_problem("marks_over_sheets", message, "Revise el conteo."))
    if not marks:
        found.append(_problem("nothing_counted", "Ninguna opción tiene marcas.", "Escriba lo que marcan las hojas."))
    return found


def written_problems(written: Sequence[str], asks_which: int | None) -> Iterator[Problem]:
    """What is wrong with what the sheets say under «otro»; `asks_which` of them mark it, None when none can.

    A sheet may mark it and say nothing.
    """
    if not written:
        return
    if asks_which is None:
        yield _problem("nothing_asks_which", "La encuesta no tiene una opción «otro».", "Borre lo escrito.")
    elif len(written) > asks_which:
        message = f"Hay {len(written)} respuestas escritas y {asks_which} hojas que marcan «otro»."
        yield _problem("more_written_than_marked", message, "Escriba una respuesta por línea y revise el conteo.")
    for text in written:
        yield from _length(text, "which", TEXT_LIMIT)


def paper_time_problems(status: str) -> list[Problem]:
    """What keeps counts by hand from being entered, corrected or taken back."""
    if status not in (DRAFT, PUBLISHED):
        return []
    message = "La encuesta no se ha abierto." if status == DRAFT else "Los resultados ya se publicaron."
    return [_problem("paper_out_of_time", message, "El papel se cuenta entre la apertura y la publicación.")]


def moderation_problems(status: str, *, hides: bool, reason: str) -> list[Problem]:
    """What keeps the words of a citizen from being shown or hidden."""
    if status == PUBLISHED:
        return [_problem("survey_published", "Los resultados ya se publicaron.", "Lo publicado no se cambia.")]
    return list(_text(reason, "reason", "el motivo", REASON_LIMIT)) if hides else []


def publication_problems(*, pending: int, answers: int) -> Iterator[Problem]:
    """What keeps the results from being published."""
    if pending:
        left = "1 respuesta abierta" if pending == 1 else f"{pending} respuestas abiertas"
        message = f"{'Falta' if pending == 1 else 'Faltan'} por moderar {left}."
        yield _problem("texts_to_moderate", message, "Decida cuáles se muestran y cuáles no.")
    if not answers:
        yield _problem("nothing_answered", "Nadie ha respondido la encuesta.", "No hay resultados que publicar.")


def share(count: int, people: int) -> Decimal | None:
    """Percentage of the people who marked an option; None without people."""
    return Decimal(count) * HUNDRED / Decimal(people) if people else None


def _options(options: Sequence[OptionLine]) -> Iterator[Problem]:
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        message = f"La pregunta tiene {len(options)} opciones."
        yield _problem("option_count", message, f"Escriba entre {FEWEST_OPTIONS} y {MOST_OPTIONS}, una por línea.")
    seen: set[str] = set()
    for option in options:
        if option.text.casefold() in seen:
            yield _problem("option_repeated", f"La opción «{option.text}» está dos veces.", "Quite una.")
        seen.add(option.text.casefold())
        if len(option.text) > OPTION_LIMIT:
            message = f"La opción «{option.text[:40]}…» tiene {len(option.text)} caracteres y caben {OPTION_LIMIT}."
            yield _problem("option_too_long", message, "Acórtela.")


def _day(held_on: date, opens_on: date, last_day: date, today: date) -> Iterator[Problem]:
    if held_on > today:
        yield _problem("paper_in_future", "Esa fecha todavía no llega.", "Escriba el día en que se respondió.")
    elif held_on < opens_on:
        message = f"La encuesta abrió el {spoken_day(opens_on)}, después de esa fecha."
        yield _problem("paper_before", message, "Escriba el día en que se respondió.")
    elif held_on > last_day:
        message = f"La encuesta recibió respuestas hasta el {spoken_day(last_day)}, antes de esa fecha."
        yield _problem("paper_after", message, "Escriba el día en que se respondió.")


def _text(text: str, code: str, what: str, limit: int) -> Iterator[Problem]:
    return missing_problems(text, code=code, what=what, limit=limit, rule=RULE)


def _length(text: str, code: str, limit: int) -> Iterator[Problem]:
    return length_problems(text, code=code, limit=limit, rule=RULE)


def _problem(code: str, message: str, fix: str = "") -> Problem:
    return Problem(code, RULE, message, fix=fix)
