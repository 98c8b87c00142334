"""Draw the state machines from their tables, so that no diagram tells another story than the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db.models import TextChoices

from evaluation.models import CutoffStatus, WeightStatus
from evaluation.rules import accountability_states, cutoffs, improvement_states, weight_sets
from evaluation.rules.accountability_states import EventStatus
from evaluation.rules.improvement_states import ActionStatus, BottleneckStatus
from pes import commands
from pes.models import BoardStatus, SurveyStatus
from pes.rules import approval_states, commitments, dofa, road_states, surveys, technical_workshops, writing
from pes.rules.approval_states import ApprovalStatus
from pes.rules.commitments import CommitmentStatus
from pes.rules.road_states import ActivityState
from pes.rules.technical_workshops import MeetingStatus
from pes.rules.transitions import Transition
from pes.rules.writing import SectionStatus
from plans.rules import change_states, plan_states
from plans.rules.change_states import ChangeStatus
from plans.rules.plan_states import PlanStatus
from tracking.rules import advisor_report, report_states
from tracking.rules.advisor_report import ReportState
from tracking.rules.report_states import ReportStatus

States = (
    type[TextChoices]
    | type[ActivityState]
    | type[ApprovalStatus]
    | type[PlanStatus]
    | type[ChangeStatus]
    | type[ReportStatus]
    | type[ReportState]
    | type[MeetingStatus]
    | type[CommitmentStatus]
    | type[SectionStatus]
    | type[ActionStatus]
    | type[BottleneckStatus]
    | type[EventStatus]
)
# File name → title, states with their Spanish labels (the first is where it begins), table.
MACHINES: Mapping[str, tuple[str, States, Sequence[Transition]]] = {
    "accion": ("Acción de mejora o plan de choque (REP-03)", ActionStatus, improvement_states.ACTION_TRANSITIONS),
    "actividad": (
        "Actividad de un PES (LC-02) o hito territorial, que pide su propio permiso (GP-04)",
        ActivityState,
        road_states.TRANSITIONS,
    ),
    "aprobacion": ("Aprobación del documento del PES (LC-08)", ApprovalStatus, approval_states.TRANSITIONS),
    "compromiso": ("Compromiso de una reunión del PES (LC-03)", CommitmentStatus, commitments.TRANSITIONS),
    "corte": ("Corte del PES", CutoffStatus, cutoffs.TRANSITIONS),
    "cuello": ("Cuello de botella (REP-02)", BottleneckStatus, improvement_states.BOTTLENECK_TRANSITIONS),
    "dofa": ("Taller DOFA (LC-04)", BoardStatus, dofa.TRANSITIONS),
    "encuesta": ("Encuesta ciudadana (LC-05)", SurveyStatus, surveys.TRANSITIONS),
    "informe-asesor": ("Informe mensual del asesor (GP-06)", ReportState, advisor_report.TRANSITIONS),
    "mesa": ("Mesa técnica o reunión del PES (LC-03)", MeetingStatus, technical_workshops.TRANSITIONS),
    "plan": ("Plan de gestión (SM-1)", PlanStatus, plan_states.TRANSITIONS),
    "ponderaciones": ("Ponderaciones de un objetivo en una vigencia", WeightStatus, weight_sets.TRANSITIONS),
    "rendicion": ("Rendición de cuentas", EventStatus, accountability_states.EVENT_TRANSITIONS),
    "reporte": ("Reporte trimestral (SM-2)", ReportStatus, report_states.TRANSITIONS),
    "seccion": ("Sección del documento del PES (LC-07)", SectionStatus, writing.TRANSITIONS),
    "solicitud": ("Solicitud de cambio de una meta (SM-3)", ChangeStatus, change_states.TRANSITIONS),
}
VERBS = {
    "lock": "bloquear", "reopen": "reabrir", "consolidate": "consolidar", "correct": "corregir",
    "submit": "enviar", "resubmit": "volver a enviar", "send_back": "devolver", "validate": "validar",
    "make_official": "oficializar", "publish": "publicar", "renew": "publicar la versión ajustada", "close": "cerrar",
    "file": "radicar", "route": "pedir concepto", "favour": "conceptuar a favor", "disfavour": "conceptuar en contra",
    "study": "estudiar", "approve": "aprobar", "deny": "negar", "apply": "aplicar", "withdraw": "desistir",
    "solve": "declarar superado", "verify": "verificar", "discard": "descartar", "announce": "convocar a la ciudadanía",
    "receive": "recibir", "fill": "diligenciar", "take": "tomar para revisar",
    "present": "presentar", "observe": "observar", "decline": "no aprobar", "adjust": "acoger y ajustar",
    "request": "pedir la aprobación", "complete": "aprobar la última entidad", "endorse": "avalar en Comité",
    "return": "devolver en Comité", "adopt": "adoptar", "recall": "retirar",
    "group": "agrupar", "collect_again": "volver a recoger", "call_vote": "abrir la votación",
    "group_again": "volver a agrupar", "open": "abrir", "expire": "cerrar por fecha",
    "start": "avanzar", "finish": "terminar", "take_up_again": "volver a abrir", "set_aside": "marcar «no aplica»",
    "resume": "retomar",
    "convene": "convocar", "hold": "celebrar", "cancel": "cancelar", "note": "anotar un avance",
    "write": "escribir", "fulfil": "dar por cumplido", "drop": "retirar",
}  # fmt: skip


class Command(commands.Command):
    help = "Escribe en docs/estados los diagramas de las máquinas de estados."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        folder = settings.BASE_DIR / "docs" / "estados"
        parser.add_argument("--out", type=Path, default=folder, metavar="CARPETA", help="por defecto, docs/estados")

    def handle(self, *args: Any, out: Path, format: str, **options: Any) -> None:
        out.mkdir(parents=True, exist_ok=True)
        written = []
        for name, (title, states, table) in MACHINES.items():
            path = out / f"{name}.md"
            path.write_text(page(title, states, table), encoding="utf-8")
            written.append(str(path))
        if format == "json":
            self.say({"files": written})
        else:
            self.stdout.write("\n".join(written))


def page(title: str, states: States, table: Sequence[Transition]) -> str:
    """A Markdown page: the diagram, and the power that each step asks for."""
    labels = [(state.value, str(state.label)) for state in states]
    lines = [
        f"# {title}",
        "",
        "Hecho por `manage.py state_diagrams` desde la tabla del código; no se edita a mano.",
        "",
    ]
    lines += ["```mermaid", "stateDiagram-v2", f"    [*] --> {labels[0][0]}"]
    lines += [f"    {value}: {label}" for value, label in labels]
    lines += [f"    {source} --> {row.target}: {VERBS[row.name]}" for row in table for source in sorted(row.sources)]
    lines += ["```", "", "| paso | permiso | motivo |", "|---|---|---|"]
    lines += [
        f"| {VERBS[row.name]} | {row.permission.label if row.permission else 'el sistema'} | "
        f"{'obligatorio' if row.needs_reason else '–'} |"
        for row in table
    ]
    return "\n".join(lines) + "\n"
