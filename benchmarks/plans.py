"""A plan of 200 goals beside one of 20, and the import of 1,000 goals beside openpyxl's bare loop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from benchmarks.measure import race
from benchmarks.nation import NOW
from benchmarks.table import Row
from pes.models import Membership, Metodologia, OrganizationUnit, StrategicFramework, UnitKind, User, Vigencia
from pes.permissions import Role
from pes.rules.programming import ProgrammingType
from pes.workbooks.writer import write_workbook
from plans.editing import NewGoal, put_goals
from plans.models import PlanGestion
from plans.rules.goals import IndicatorKind
from plans.workbook.apply import import_plan
from plans.workbook.export import sheets_of
from plans.workbook.reading import read_plan_workbook

REPETITIONS, IMPORTS = 15, 7
VIGENCIA = 2023
SMALL, LARGE, IMPORTED = 20, 200, 1_000


def run(say: Callable[[str], None]) -> list[Row]:
    """Opening, saving a cell, importing."""
    entity = OrganizationUnit.objects.create(code="banco", name="Entidad", kind=UnitKind.ENTITY, parent_id=2)
    leader = _leader(entity)
    small, large = (_plan(entity, f"banco-{count}", count, leader) for count in (SMALL, LARGE))
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(leader)
    rows = [
        _row("abrir un plan", large, small, lambda plan: _open(browser, plan)),
        _row("guardar una celda", large, small, _saver(browser)),
        _row("panel de coherencia", large, small, lambda plan: _get(browser, plan, "coherence"), target=None),
    ]
    say(f"importación de {IMPORTED} metas")
    return [*rows, *_imports(entity, leader)]


def _leader(entity: OrganizationUnit) -> User:
    leader = User.objects.create_user("lider.banco@ejemplo.invalid", full_name="Líder")
    Membership.grant(user=leader, unit=entity, role=Role.LIDER_PROCESO, starts_on=NOW.date(), by=None)
    Vigencia.objects.get_or_create(year=VIGENCIA)
    Metodologia(vigencia_id=VIGENCIA, version=90, memo="1", published_at=timezone.now(), published_by=leader).save()
    framework = StrategicFramework.objects.create(unit=entity, act="Acto", valid_from=NOW.date())
    framework.objectives.create(number=1, text="Objetivo")
    return leader


def _plan(entity: OrganizationUnit, code: str, goals: int, leader: User) -> PlanGestion:
    unit = OrganizationUnit.objects.create(code=code, name=f"Proceso {code}", kind=UnitKind.PROCESS, parent=entity)
    Membership.objects.get(user=leader).project()  # the unit is new to the grants of its entity's leader
    plan = PlanGestion.open_own(unit, VIGENCIA, by=leader)
    put_goals(plan, [NewGoal(_values(at)) for at in range(goals)])
    return plan


def _values(at: int) -> dict[str, object]:
    return {
        "objective": 1,
        "text": f"Atender el 100 % de las solicitudes del grupo {at} dentro del término",
        "weight": Decimal("0.50"),
        "indicator": f"Solicitudes del grupo {at} atendidas",
        "numerator": "Solicitudes atendidas dentro del término",
        "denominator": "Solicitudes recibidas",
        "unit": "Porcentaje",
        "indicator_type": IndicatorKind.EFICACIA,
        "programming_type": ProgrammingType.CONSTANTE,
        **dict.fromkeys(("t1", "t2", "t3", "t4", "magnitude"), Decimal(100)),
        "deliverable": "Informe de solicitudes",
        "source": "Aplicativo de gestión documental",
        "verification": "Reporte del aplicativo",
        "responsible": "Dirección",
    }


def _row(
    name: str, large: PlanGestion, small: PlanGestion, act: Callable[[PlanGestion], object], target: float | None = 1.5
) -> Row:
    times = race(REPETITIONS, large=lambda: act(large), small=lambda: act(small))
    return Row(f"{name}: {LARGE} metas / {SMALL}", times["large"].median, times["small"].median, target)


def _open(browser: Client, plan: PlanGestion) -> None:
    _get(browser, plan, "goals")


def _get(browser: Client, plan: PlanGestion, name: str) -> None:
    answer = browser.get(plan.url(name))
    assert answer.status_code == 200, answer.status_code


def _saver(browser: Client) -> Callable[[PlanGestion], None]:
    numbers: Iterator[int] = iter(range(10_000))

    def save(plan: PlanGestion) -> None:
        change = {"goal": 7, "field": "responsible", "was": None, "value": f"Dirección {next(numbers)}"}
        sent = json.dumps({"changes": [change]})
        answer = browser.post(plan.url("cells"), sent, content_type="application/json")
        assert answer.status_code == 200, answer.content

    return save


def _imports(entity: OrganizationUnit, leader: User) -> list[Row]:
    """The import of a full file into an empty plan, and again, when nothing changes."""
    source = _plan(entity, "banco-libro", IMPORTED, leader)
    with TemporaryDirectory(prefix="pes-bench-") as folder:
        file = Path(folder) / "plan.xlsx"
        # Without the sheet that says whose plan it is: the same file goes into several.
        write_workbook(file, [sheet for sheet in sheets_of(source) if sheet.title == "Metas"], created=NOW)
        empties = iter([_plan(entity, f"banco-{at}-vacio", 0, leader) for at in range(IMPORTS + 1)])
        new = race(
            IMPORTS, ours=lambda: _import(file, next(empties), leader, created=IMPORTED), floor=lambda: _bare(file)
        )
        same = race(IMPORTS, ours=lambda: _import(file, source, leader, created=0), floor=lambda: _bare(file))
    name = f"importar {IMPORTED} metas"
    return [
        Row(f"{name}, plan vacío", new["ours"].median, new["floor"].median, 3),
        Row(f"{name}, sin cambios", same["ours"].median, same["floor"].median, 3),
    ]


def _import(file: Path, plan: PlanGestion, leader: User, *, created: int) -> None:
    answer = import_plan(read_plan_workbook(file), plan.unit, plan.vigencia_id, by=leader, file_name=file.name)
    assert not answer.errors, answer.errors[:3]
    assert answer.created == created


def _bare(file: Path) -> int:
    """The floor: every cell of the goals' sheet, as openpyxl's read-only loop gives it."""
    book = load_workbook(file, read_only=True, data_only=True)
    cells = sum(1 for row in book["Metas"].iter_rows(values_only=True) for value in row if value is not None)
    book.close()
    return cells
