"""A mesa de trabajo as somebody would write it down, and corrections made by who has read what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pes.edits import fingerprint
from pes.frameworks import change_framework, framework_facts
from pes.models import StrategicFramework, User, Vigencia, Workshop
from pes.rules.workshops import Attendee
from pes.workshops import Meeting, correct_workshop, workshop_facts
from tests.people import Cast


def meeting(them: Cast, **changes: object) -> Meeting:
    """The mesa that `make.workshop` registers for the process, with some changes."""
    whole = Meeting(
        vigencia=Vigencia.objects.get(year=2022),
        held_on=date(2022, 1, 20),
        topic="Formulación de metas",
        units=[them.process],
        attendees=[Attendee("Pilar Promotora", "Promotora de mejora")],
        minutes="Se acordaron las metas del año.",
    )
    return replace(whole, **changes)


def correct(workshop: Workshop, new: Meeting, by: User, **changes: str) -> bool:
    """Correct a mesa having read it as it is now."""
    stored = Workshop.objects.get(pk=workshop.pk)
    said = {"reason": "Faltaba una asistente", "read": fingerprint(workshop_facts(stored))} | changes
    return correct_workshop(workshop, new, **said, by=by)


def change(framework: StrategicFramework, by: User, **values: object) -> bool:
    """Correct a framework having read it as it is now."""
    stored = StrategicFramework.objects.get(pk=framework.pk)
    asked = {name: getattr(stored, name) for name in ("act", "valid_from", "valid_until")} | values
    return change_framework(framework, **asked, read=fingerprint(framework_facts(stored)), by=by)
