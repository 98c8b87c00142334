"""The words in which a viability check answers: what DNP asks of a plan, and how far it is met.

Source: DNP, «Planificación y articulación sectorial», requirements for a viable plan; monitoring is added because the
same text asks that a plan can be measured.
"""

from __future__ import annotations

from enum import StrEnum


class Requirement(StrEnum):
    """What DNP asks of a viable plan, in the order of the source."""

    INVESTMENT = "investment"
    POLICIES = "policies"
    COHERENCE = "coherence"
    PRECISE_GOALS = "precise_goals"
    RESPONSIBILITIES = "responsibilities"
    PRIORITIES = "priorities"
    RESOURCES = "resources"
    BUDGET = "budget"
    MONITORING = "monitoring"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _TITLES[self]

    @property
    def question(self) -> str:
        """What only a person can answer of it; empty where the data answers alone."""
        return _QUESTIONS.get(self, "")


class Status(StrEnum):
    """How far a requirement is met; `cannot_tell` is never read as met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"met": "Cumple", "partly": "Cumple en parte", "not_met": "No cumple", "cannot_tell": "No se sabe"}[self]


class Answer(StrEnum):
    """What a person says of a requirement."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"yes": "Sí", "partly": "En parte", "no": "No"}[self]

    @property
    def status(self) -> Status:
        """What the answer makes of the requirement."""
        return {Answer.YES: Status.MET, Answer.PARTLY: Status.PARTLY, Answer.NO: Status.NOT_MET}[self]


_TITLES = {
    Requirement.INVESTMENT: "Articulación con el plan de inversiones",
    Requirement.POLICIES: "Articulación con las políticas sectoriales y las prioridades de inversión",
    Requirement.COHERENCE: "Coherencia entre problemas, objetivos, programas y proyectos",
    Requirement.PRECISE_GOALS: "Metas precisas y viables en cada vigencia",
    Requirement.RESPONSIBILITIES: "Organización y responsabilidades frente al plan",
    Requirement.PRIORITIES: "Prioridades identificadas",
    Requirement.RESOURCES: "Recursos asignados por programa y proyecto",
    Requirement.BUDGET: "Consistencia con el sistema presupuestal",
    Requirement.MONITORING: "Seguimiento posible con datos",
}
_QUESTIONS = {
    Requirement.POLICIES: "¿Los objetivos desarrollan las políticas a cargo del sector y las prioridades de inversión?",
    Requirement.PRECISE_GOALS: "¿Las metas de la vigencia se pueden cumplir con el tiempo y la capacidad disponibles?",
    Requirement.RESPONSIBILITIES: "¿Funciona una instancia que articule a las entidades para responder por el plan?",
    Requirement.PRIORITIES: "¿Los compromisos fundamentales del gobierno se reconocen en los objetivos que más pesan?",
    Requirement.BUDGET: "¿Lo programado coincide con el presupuesto aprobado y con el plan operativo de inversiones?",
}
