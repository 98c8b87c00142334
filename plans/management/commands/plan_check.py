"""Say what does not cohere in a plan de gestión, and how to mend it (issue §7; PG-V1)."""

from __future__ import annotations

from typing import Any

from plans.coherence import findings_of
from plans.commands import PlanCommand
from plans.rules.findings import Finding


class Command(PlanCommand):
    help = "Dice qué no es coherente en un plan de gestión y cómo corregirlo."

    def handle(self, *args: Any, unit: str, vigencia: int, format: str, **options: Any) -> None:
        found = findings_of(self.plan(format, unit=unit, vigencia=vigencia))
        if format == "json":
            self.say({"problems": [_document(one) for one in found]})
            return
        for one in found:
            problem = one.as_sentence()
            kind = "Corregir" if problem.blocking else "Aviso"
            self.stdout.write(f"{kind}. {problem.message} {problem.fix} ({problem.rule})".strip())
        self.stdout.write(f"{sum(one.problem.blocking for one in found)} por corregir de {len(found)} hallazgos.")


def _document(one: Finding) -> dict[str, Any]:
    problem = one.problem
    return {
        "goal": one.goal,
        "code": problem.code,
        "rule": problem.rule,
        "blocking": problem.blocking,
        "message": problem.message,
        "fix": problem.fix,
    }
