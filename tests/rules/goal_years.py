"""Goals with a programme and reports, as the rules of the quarterly report read them."""

from decimal import Decimal

from pes.rules.programming import ProgrammingType
from pes.rules.quarters import QuarterPolicy
from tracking.rules.goal_reports import Entry, GoalYear, Measured, results_of

SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType
POLICY = QuarterPolicy()


def amount(value):
    return None if value is None else Decimal(str(value))


def entry(achieved=None, numerator=None, denominator=None, *, words=True, **said):
    """An entry with its analyses and an evidence, unless `words` is false."""
    texts = {"analysis": "Se hizo.", "accumulated_analysis": "Va bien.", "evidence": 1} if words else {}
    return Entry(amount(achieved), amount(numerator), amount(denominator), **(texts | said))


def goal(programmed=(10, 10, 10, 10), entries=(), *, number=3, kind=SUMA, magnitude=40, baseline=None, **facts):
    return GoalYear(
        number=number,
        text="Atender las solicitudes.",
        kind=kind,
        magnitude=amount(magnitude),
        weight=Decimal(100),
        baseline=amount(baseline),
        programmed=tuple(amount(value) for value in programmed),
        entries=tuple(entries),
        **facts,
    )


def results(one, quarter, *, overdue=False):
    """The results of the goal up to a quarter that is still open, unless it is `overdue`."""
    return results_of(one, POLICY, [True] * (quarter - 1) + [overdue])


def row(one, quarter=1):
    return Measured(one, results(one, quarter))


def places(findings):
    return [finding.field for finding in findings]


def codes(problems):
    return [problem.code for problem in problems]
