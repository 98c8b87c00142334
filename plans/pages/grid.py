"""The grid of a plan: its columns, a block of its rows, and what is said around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from pes.access import can
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.rules.numbers import HUNDRED, ZERO, format_magnitude, spanish_figures
from plans.content import context_of, goals_of
from plans.models import PlanGestion
from plans.pages.states import TONES, tabs_of
from plans.rules.fields import BY_NAME, COMMON, QUARTER_NAMES, FieldKind, GoalField
from plans.rules.findings import Finding, goal_findings
from plans.rules.goals import GoalFacts, GoalStatus
from plans.rules.plan_states import EDITABLE, PlanStatus
from plans.rules.values import show, value_of

HEADERS = 2  # rows of the table above the first goal
BLOCK = 20  # rows that are written at once; the others come when they are looked at
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Qué", ("text", "objective", "kind", "weight")),
    ("Indicador", ("indicator", "numerator", "denominator", "unit", "indicator_type")),
    ("Programación", ("baseline", "programming_type", *QUARTER_NAMES, "magnitude")),
    ("Verificación", ("deliverable", "source", "verification", "responsible", "central_area", "articulation")),
)
NAMES = tuple(name for _, names in GROUPS for name in names)
NUMERIC = frozenset({FieldKind.WEIGHT, FieldKind.AMOUNT, FieldKind.QUARTER})
SHORT = {"t1": "T1", "t2": "T2", "t3": "T3", "t4": "T4", "kind": "Tipo", "weight": "Pond. (%)"}
LOCKED = "Lo escribe el área que lidera la meta compartida; pídale a ella el cambio."
ELIMINATED = "La meta está eliminada: queda a la vista y no cambia."
NO_EDIT = "Usted puede leer este plan; lo escriben el líder y el equipo de su proceso o alcaldía."
NOT_EDITABLE = {
    "in_review": "El plan está en revisión: se vuelve a escribir si la oficina de planeación lo devuelve.",
    "validated": "El plan está validado: lo que sigue es oficializarlo.",
    "closed": "El plan está cerrado.",
}
BY_REQUEST = "El plan está oficializado: una meta cambia solo con una solicitud de modificación."

SHORTCUTS = (
    ("Flechas, Inicio, Fin", "moverse; con Ctrl, al borde; con Mayús, seleccionar"),
    ("Tab · Mayús+Tab", "celda siguiente o anterior"),
    ("Intro · F2 · escribir", "editar la celda"),
    ("Intro · Tab", "terminar y avanzar"),
    ("Alt+Intro", "otra línea dentro de la celda"),
    ("Esc", "dejar la celda como estaba"),
    ("Supr", "vaciar lo seleccionado"),
    ("Ctrl+C · Ctrl+V", "copiar y pegar bloques, también de Excel"),
    ("Ctrl+Z", "deshacer el último cambio"),
    ("Ctrl+Intro", "agregar una meta al final"),
    ("Alt+↑ · Alt+↓", "subir o bajar la meta"),
    ("Esc y luego Tab", "salir de la cuadrícula"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid: what its header and its editor need."""

    name: str
    label: str
    title: str
    kind: str
    help: str
    limit: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text` as it is typed, `shown` as it is read, `why` it cannot be typed if it cannot."""

    name: str
    text: str
    shown: str
    classes: str
    why: str

    @property
    def differs(self) -> bool:
        """Whether what is shown is not what would be typed."""
        return self.text != self.shown


@dataclass(frozen=True, slots=True)
class Row:
    """A goal in the grid; `index` counts from 1 over the whole plan."""

    number: int
    index: int
    url: str
    status: str
    flag: str
    blocking: int
    warnings: int
    cells: tuple[Cell, ...]

    @property
    def line(self) -> int:
        """Its line in the table, below the two header rows."""
        return self.index + HEADERS

    @property
    def is_eliminated(self) -> bool:
        """Whether it only stays in sight (PG-09h)."""
        return self.status == GoalStatus.ELIMINATED

    @property
    def tone(self) -> str:
        """Light of the row."""
        if self.is_eliminated:
            return "off"
        return "risk" if self.blocking else "warn" if self.warnings else "ok"

    @property
    def summary(self) -> str:
        """What the light says in words."""
        if self.is_eliminated:
            return "No se revisa"
        return summary_of(self.blocking, self.warnings)


class Grid:
    """A plan being read or written as a table: what every block of its rows shares. A constant number of queries."""

    def __init__(self, plan: PlanGestion, user: Any, context: Mapping[str, Any] | None = None) -> None:
        self.plan = plan
        self.reason = reason_not_to_edit(plan, user)
        self.context = context_of(plan) if context is None else context
        self.units = units_of(plan)

    @property
    def is_editable(self) -> bool:
        """Whether this person may write it now."""
        return not self.reason

    @property
    def columns(self) -> list[tuple[str, list[Column]]]:
        """The columns, in their groups."""
        return [(group, [_column(BY_NAME[name]) for name in names]) for group, names in GROUPS]

    @property
    def shortcuts(self) -> tuple[tuple[str, str], ...]:
        """What the keyboard does."""
        return SHORTCUTS

    def block(self, start: int, end: int) -> tuple[Row, ...]:
        """The rows from a place, that counts from 0, up to another one."""
        facts = goals_of(self.plan.goals.in_force()[start:end], self.plan.framework_to_serve)
        return tuple(self.row(goal, start + place) for place, goal in enumerate(facts, 1))

    def rows_of(self, numbers: list[int]) -> tuple[Row, ...]:
        """The rows of some goals, numbered as the last ones of the plan."""
        facts = goals_of(self.plan.goals.in_force().filter(number__in=numbers), self.plan.framework_to_serve)
        first = self.plan.goals.in_force().count() - len(facts)
        return tuple(self.row(goal, first + place) for place, goal in enumerate(facts, 1))

    def row(self, goal: GoalFacts, index: int) -> Row:
        """A goal as a row."""
        found = [] if goal.status is not GoalStatus.ACTIVE else self.findings(goal)
        blocking = sum(1 for one in found if one.problem.blocking)
        flag = (
            goal.status.label if goal.status is GoalStatus.ELIMINATED else "Meta compartida" if goal.is_shared else ""
        )
        return Row(
            number=goal.number,
            index=index,
            url=self.plan.url("goal", goal.number),
            status=goal.status.value,
            flag=flag,
            blocking=blocking,
            warnings=len(found) - blocking,
            cells=tuple(self.cell(goal, name) for name in NAMES),
        )

    def findings(self, goal: GoalFacts) -> list[Finding]:
        """What does not cohere in one goal (PT-02…04, PG-02, PG-V1); without a framework, that is the plan's problem."""
        objectives = self.context["objectives"]
        found = goal_findings(goal, objectives=objectives, discount_baseline=self.context["discount_baseline"])
        return [one for one in found if objectives or one.problem.rule != "PG-02"]

    def cell(self, goal: GoalFacts, name: str) -> Cell:
        """A field of a goal."""
        text = show(name, value_of(goal, name))
        return Cell(name, text, self.shown(goal, name), CLASSES[name], why_locked(goal, name))

    def shown(self, goal: GoalFacts, name: str) -> str:
        """A field as people read it in a cell: thousands apart, the name beside a number or a code."""
        value = value_of(goal, name)
        if name == "objective" and value is not None:
            text = self.context["objectives"].get(value, "")
            return f"{value}. {text}" if text else str(value)
        if name == "central_area" and value:
            return self.units.get(str(value), str(value))
        if isinstance(value, Decimal) and name != "weight":
            return format_magnitude(value)
        return show(name, value)

    def options(self) -> dict[str, list[tuple[str, str]]]:
        """What may be chosen in the columns that are chosen from a list: text that is typed, text that is read."""
        found = {
            name: [("", "–"), *((label, label) for _, label in BY_NAME[name].choices)]
            for name in NAMES
            if is_choice(name)
        }
        found["kind"] = found["kind"][1:]
        found["objective"] = [
            ("", "–"),
            *((str(n), f"{n}. {t}") for n, t in sorted(self.context["objectives"].items())),
        ]
        found["central_area"] = [("", "–"), *self.units.items()]
        return found


def is_choice(name: str) -> bool:
    """Whether a field has a fixed list of values."""
    return BY_NAME[name].kind is FieldKind.CHOICE


def _classes(field: GoalField) -> str:
    if field.kind in NUMERIC:
        return "num"
    return "is-prose" if field.kind in (FieldKind.PROSE, FieldKind.OBJECTIVE) else ""


CLASSES = {name: _classes(BY_NAME[name]) for name in NAMES}


def _column(field: GoalField) -> Column:
    return Column(
        field.name, field.label, SHORT.get(field.name, field.label), field.kind.value, field.help, field.limit
    )


def why_locked(goal: GoalFacts, name: str) -> str:
    """Why a cell of a plan that is being written cannot be typed; empty when it can (PG-08, PG-09h)."""
    if goal.status is not GoalStatus.ACTIVE:
        return ELIMINATED
    return LOCKED if goal.is_shared and name in COMMON else ""


def reason_not_to_edit(plan: PlanGestion, user: Any) -> str:
    """Why the person reads the goals and does not write them; empty when they may be written."""
    if not can(user, Permission.PLAN_EDIT, plan):
        return NO_EDIT
    return "" if plan.status in EDITABLE else NOT_EDITABLE.get(plan.status, BY_REQUEST)


def units_of(plan: PlanGestion) -> dict[str, str]:
    """Code → name of the units of the plan's entity, one of which may report a goal (PG-08)."""
    rows = OrganizationUnit.objects.filter(parent=plan.unit.parent_id, is_active=True).order_by("sort_key", "code")
    return {unit.code: f"{unit.code} · {unit.name}" for unit in rows}


def sum_of(plan: PlanGestion) -> dict[str, Any]:
    """The weights, added by the database: an eliminated goal keeps its own in the sum (W-02, W-02b)."""
    total = plan.goals.in_force().order_by().aggregate(sum=Sum("weight"))["sum"] or ZERO
    missing = HUNDRED - total.quantize(Decimal("0.01"))
    words = f"{'Faltan' if missing > 0 else 'Sobran'} {spanish_figures(abs(missing), 2)}"
    return {"sum": spanish_figures(total, 2), "sum_ok": missing == 0, "sum_words": words if missing else "Suma exacta"}


def count_of(plan: PlanGestion) -> int:
    """How many goals the plan shows."""
    return int(plan.goals.in_force().count())


def summary_of(blocking: int, warnings: int) -> str:
    """Findings in words."""
    parts = [f"{blocking} por corregir"] if blocking else []
    parts += [f"{warnings} por revisar"] if warnings else []
    return ", ".join(parts) or "Coherente"


def start_of(text: str | None, count: int) -> int:
    """Where a block begins, from the address; the beginning when it is not a place of the plan."""
    place = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
    return place // BLOCK * BLOCK if place < count else 0


def pages_of(plan: PlanGestion, start: int, count: int) -> list[dict[str, Any]]:
    """Links to the other blocks, for who has no JavaScript."""
    if count <= BLOCK:
        return []
    here = plan.url("goals")
    return [
        {
            "label": f"{first + 1} a {min(first + BLOCK, count)}",
            "url": f"{here}?desde={first}",
            "current": first == start,
        }
        for first in range(0, count, BLOCK)
    ]


def crumbs_of(plan: PlanGestion, *rest: tuple[str, str]) -> list[dict[str, str]]:
    """The path to a page of the plan."""
    path = [("Planes de gestión", reverse("plans:list")), (str(plan), plan.get_absolute_url()), *rest]
    return [{"label": label, "url": url} for label, url in path]


@dataclass(frozen=True, slots=True)
class GoalsPage:
    """A block of rows and its place in the plan."""

    rows: tuple[Row, ...]
    start: int
    count: int
    more_url: str
    pages: tuple[dict[str, Any], ...]
    removed: tuple[dict[str, str], ...]
    total: dict[str, Any]
    crumbs: tuple[dict[str, str], ...]
    tabs: tuple[dict[str, Any], ...]
    tone: str

    @property
    def row_count(self) -> int:
        """Rows of the whole table, its two header rows included."""
        return self.count + HEADERS

    @property
    def width(self) -> int:
        """Columns of the table."""
        return len(NAMES) + 1

    @property
    def count_words(self) -> str:
        """How many goals, in words."""
        return "1 meta" if self.count == 1 else f"{self.count} metas"


def goals_page(grid: Grid, since: str | None, *, rest: bool = False) -> GoalsPage:
    """The block that an address asks for, or all the `rest` from there; a constant number of queries."""
    plan, count = grid.plan, count_of(grid.plan)
    start = start_of(since, count)
    after = count if rest else start + BLOCK
    return GoalsPage(
        rows=grid.block(start, after),
        start=start,
        count=count,
        more_url=f"{plan.url('goals')}?desde={after}" if after < count else "",
        pages=tuple(pages_of(plan, start, count)),
        removed=tuple(_removed(plan)) if grid.is_editable else (),
        total=sum_of(plan),
        crumbs=tuple(crumbs_of(plan, ("Metas", ""))),
        tabs=tuple(tabs_of(plan, "goals")),
        tone=TONES[PlanStatus(plan.status)],
    )


def _removed(plan: PlanGestion) -> list[dict[str, str]]:
    """Goals that the team may put back: not those that a leading area took out (PG-08)."""
    own = plan.goals.filter(status=GoalStatus.REMOVED, template=None)
    rows = own.order_by("number").values_list("number", "text")
    return [{"number": str(number), "text": text, "url": plan.url("goal-restore", number)} for number, text in rows]
