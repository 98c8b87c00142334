"""Verify the audit trail: every event against its signature, every seal against its events (architecture, Audit)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pes import audit, commands
from pes.models import AuditEvent, AuditSeal


class Command(commands.Command):
    help = "Verifica la bitácora de auditoría; termina con 1 si algo no corresponde."

    def handle(self, *args: Any, format: str, **options: Any) -> None:
        findings = list(audit.verify())
        document = {
            "events": AuditEvent.objects.count(),
            "seals": AuditSeal.objects.count(),
            "findings": [asdict(finding) for finding in findings],
        }
        if findings:
            self.refuse_with(format, document, (f"{one.where}: {one.message}" for one in findings))
        if format == "json":
            self.say(document)
        else:
            self.stdout.write(f"Bitácora íntegra: {document['events']} eventos, {document['seals']} sellos.")
