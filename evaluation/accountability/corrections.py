"""What was corrected of a rendición de cuentas that citizens already read: the notes, and the reports replaced (AZ13)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from evaluation.models import AccountabilityCorrection, AccountabilityEvent
from pes.audit_sentences import facts_said
from pes.dates import long_date

WITHHELD = "El archivo no se ofrece porque tenía datos personales."


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction: its day, why, what the event said before, and the report that was replaced with its address."""

    title: str
    reason: str
    before: tuple[tuple[str, str], ...]
    report: str
    url: str
    withheld: str


def corrections_of(event: AccountabilityEvent, *, by_name: bool) -> tuple[CorrectionRow, ...]:
    """The corrections of an event, the last first, with who made them for who works here; one query."""
    rows = event.corrections.select_related("report_file", "issued_report__plan__sector", "made_by")
    return tuple(_row(one, by_name) for one in rows.order_by("-pk"))


def replaced_files(event: AccountabilityEvent) -> QuerySet[AccountabilityCorrection]:
    """The corrections whose earlier file anybody may still read."""
    rows = AccountabilityCorrection.objects.filter(event=event, report_file__isnull=False, is_withheld=False)
    return rows.select_related("report_file")


def _row(one: AccountabilityCorrection, by_name: bool) -> CorrectionRow:
    day, who = long_date(one.made_at), f" por {one.made_by}" if by_name else ""
    report, url = _report(one, by_name)
    what = "Informe reemplazado" if report else "Corregida"
    return CorrectionRow(
        title=f"{what} el {day}{who}",
        reason=one.reason,
        before=facts_said(one.before),
        report=report,
        url=url,
        withheld=WITHHELD if one.is_withheld else "",
    )


def _report(one: AccountabilityCorrection, by_name: bool) -> tuple[str, str]:
    """The report that was replaced: its name, and where whoever asks reads it."""
    if one.report_file is not None:
        if by_name:
            return one.report_file.display_name, one.report_file.get_absolute_url()
        url = reverse("evaluation:public-event-replaced", args=[one.event_id, one.pk])
        return one.report_file.display_name, "" if one.is_withheld else url
    if one.issued_report is not None:
        issued = one.issued_report
        url = reverse("evaluation:portal-report", args=[issued.plan.sector.code, issued.kind, issued.period])
        return f"Informe {issued}", issued.get_absolute_url() if by_name else url
    return "", ""
