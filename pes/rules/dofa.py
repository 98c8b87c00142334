"""A DOFA workshop: its phases, what may be written, grouped and voted in each (LC-04)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.spoken import spoken_day
from pes.rules.texts import length_problems, missing_problems
from pes.rules.transitions import Transition

RULE = "LC-04"
COLLECTING, GROUPING, VOTING, CLOSED = "collecting", "grouping", "voting", "closed"
STATES = (COLLECTING, GROUPING, VOTING, CLOSED)
FACILITATE = Permission.WORKSHOP_REGISTER
TRANSITIONS = (
    Transition("group", {COLLECTING}, GROUPING, FACILITATE),
    Transition("collect_again", {GROUPING}, COLLECTING, FACILITATE),
    Transition("call_vote", {GROUPING}, VOTING, FACILITATE),
    Transition("group_again", {VOTING}, GROUPING, FACILITATE),
    Transition("close", {VOTING}, CLOSED, FACILITATE),
)

QUADRANTS = {
    "fortaleza": "Fortalezas",
    "oportunidad": "Oportunidades",
    "debilidad": "Debilidades",
    "amenaza": "Amenazas",
}
NOTE_LIMIT, NAME_LIMIT, TITLE_LIMIT, PROMPT_LIMIT = 280, 120, 150, 600  # characters
MOST_NOTES = 400  # on a board: more cannot be read together
MOST_GROUPS = 30  # in a quadrant
FARTHEST = 366 * 8  # days between a workshop and today: a PES is formed within its two governments
_DOING = {
    COLLECTING: "todavía recoge notas",
    GROUPING: "ya pasó a agrupar las notas",
    VOTING: "ya está en votación",
    CLOSED: "está cerrado",
}


def phase_problems(status: str, wanted: str) -> Iterator[Problem]:
    """What keeps an act of the phase `wanted` from being done on a board that is in another."""
    if status == wanted:
        return
    fix = "Lo que quedó escrito se lee en el tablero." if status == CLOSED else "Siga con lo que el tablero pide ahora."
    yield _problem("dofa_in_another_phase", f"El taller {_DOING[status]}.", fix)


def board_problems(*, title: str, prompt: str, held_on: date, today: date) -> Iterator[Problem]:
    """What is wrong with how a board presents itself."""
    yield from _text(title, "title", "el título", TITLE_LIMIT)
    yield from length_problems(prompt, code="prompt", limit=PROMPT_LIMIT, rule=RULE)
    if abs((held_on - today).days) > FARTHEST:
        message = f"El {spoken_day(held_on)} queda lejos de hoy."
        yield _problem("dofa_far", message, "Revise el año.")


def note_problems(status: str, text: str, notes: int) -> list[Problem]:
    """What keeps a note from being put on a board that holds `notes` of them."""
    stuck = list(phase_problems(status, COLLECTING))
    if stuck:
        return stuck
    if notes >= MOST_NOTES:
        message = f"El tablero tiene {notes} notas y no caben más."
        stuck.append(_problem("board_full", message, "Pida a quien facilita que abra otro taller."))
    return [*stuck, *_text(text, "note", "la nota", NOTE_LIMIT)]


def ownership_problems(*, is_own: bool) -> Iterator[Problem]:
    """A note belongs to who wrote it."""
    if not is_own:
        yield _problem("note_of_another", "La nota es de otra persona.", "Cada quien corrige o retira las suyas.")


def group_problems(status: str, name: str, others: int) -> list[Problem]:
    """What keeps a group from being made, or named so, beside `others` of its quadrant."""
    stuck = list(phase_problems(status, GROUPING))
    if stuck:
        return stuck
    if others >= MOST_GROUPS:
        message = f"El cuadrante tiene {others} grupos y no caben más."
        stuck.append(_problem("too_many_groups", message, "Reúna algunos."))
    return [*stuck, *_text(name, "group", "el nombre del grupo", NAME_LIMIT)]


def move_problems(status: str, *, marked: int, strangers: int) -> list[Problem]:
    """What keeps `marked` notes from moving; `strangers` of them are not of the group's quadrant."""
    stuck = list(phase_problems(status, GROUPING))
    if not stuck and not marked:
        stuck.append(_problem("nothing_marked", "No marcó ninguna nota.", "Marque las notas que van juntas."))
    if not stuck and strangers:
        message = "Una de las notas es de otro cuadrante, o ya se retiró."
        stuck.append(_problem("note_elsewhere", message, "Marque notas del cuadrante del grupo."))
    return stuck


def voting_problems(*, candidates: int) -> Iterator[Problem]:
    """What keeps a vote from being called: there is nothing to choose between."""
    if not candidates:
        yield _problem("nothing_to_vote", "El tablero no tiene notas.", "Vuelva a recoger notas.")


def regroup_problems(*, votes: int) -> Iterator[Problem]:
    """Once somebody has voted, what they voted for does not change."""
    if votes:
        cast = "1 voto" if votes == 1 else f"{votes} votos"
        yield _problem("votes_were_cast", f"Ya hay {cast}: los grupos no cambian.", "Cierre la votación.")


def vote_problems(status: str, *, cast: int, allowed: int, already: bool, may_repeat: bool) -> list[Problem]:
    """What keeps a person who has `cast` votes from giving another; `already` says that this thing has one of them."""
    stuck = list(phase_problems(status, VOTING))
    if not stuck and already and not may_repeat:
        stuck.append(_problem("voted_already", "Ya votó por esto.", "Dé sus otros votos a otras ideas."))
    elif not stuck and cast >= allowed:
        message = "Ya dio su voto." if allowed == 1 else f"Ya dio sus {allowed} votos."
        stuck.append(_problem("no_votes_left", message, "Retire uno para darlo a otra idea."))
    return stuck


def free_number(taken: set[int], allowed: int) -> int:
    """The first of a person's votes that is not given; ValueError when all are."""
    return min(set(range(1, allowed + 1)) - taken)


def empty_quadrants(counts: dict[str, int]) -> list[str]:
    """Spanish names of the quadrants without a note, in the order of the board."""
    return [name for quadrant, name in QUADRANTS.items() if not counts.get(quadrant)]


def _text(text: str, code: str, what: str, limit: int) -> Iterator[Problem]:
    return missing_problems(text, code=code, what=what, limit=limit, rule=RULE)


def _problem(code: str, message: str, fix: str = "") -> Problem:
    return Problem(code, RULE, message, fix=fix)
