"""What is wrong, under which rule, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a rule, shown as it is by forms, imports, buttons and the command line.

    `code` is stable and English, `rule` an id of the rule book, `message` and `fix` are Spanish.
    A problem that is not `blocking` is a warning: it is shown and does not stop anything.
    """

    code: str
    rule: str
    message: str
    blocking: bool = True
    fix: str = ""


class Refused(Exception):
    """The rules refuse an act; `problems` holds the blocking findings in the order found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


def refuse_if_any(problems: Iterable[Problem]) -> None:
    """Raise `Refused` with the blocking problems, if there is any; warnings pass."""
    blocking = tuple(problem for problem in problems if problem.blocking)
    if blocking:
        raise Refused(blocking)
