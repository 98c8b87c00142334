"""The six states of a figure, which never collapse into one another or into zero."""

from enum import StrEnum


class FigureState(StrEnum):
    """Why a figure has the value it has, or none (PT-12, PT-16, PT-17, W-06)."""

    REPORTED = "reported"
    PENDING = "pending"
    MISSING = "missing"
    NOT_PROGRAMMED = "not_programmed"
    NO_DEMAND = "no_demand"
    NO_INFORMATION = "no_information"

    @property
    def label(self) -> str:
        """Spanish name of the state of a goal or an indicator."""
        return _LABELS[self]

    @property
    def objective_label(self) -> str:
        """Spanish name of the state of an objective, which is not programmed itself (W-06)."""
        return "Sin programación" if self is FigureState.NOT_PROGRAMMED else self.label


_LABELS = {
    FigureState.REPORTED: "Con reporte",
    FigureState.PENDING: "Pendiente",
    FigureState.MISSING: "Sin reporte",
    FigureState.NOT_PROGRAMMED: "No programada",
    FigureState.NO_DEMAND: "Sin demanda",
    FigureState.NO_INFORMATION: "Sin información",
}
