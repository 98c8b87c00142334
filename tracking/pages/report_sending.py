"""What is sent when a report is sent, said before it is, and the receipt (PG-R4, WF1, WF14, WF16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from pes.dates import long_instant
from tracking.models import QuarterReport, ReportVersion
from tracking.pages.report import ReportPage
from tracking.pages.report_goal import GoalCard
from tracking.pages.report_tabs import crumbs_of
from tracking.pages.report_term import late_words

SALT = "tracking.report_sending"


class SendingPage(ReportPage):
    """The question before sending a report: everything that goes, and what the instant means."""

    def __init__(self, report: QuarterReport, user: Any) -> None:
        super().__init__(report, user)
        self.now = timezone.now()

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to the question."""
        return crumbs_of(self.report, (self.bar.label, ""))

    @property
    def sent(self) -> list[GoalCard]:
        """The goals that say something."""
        return [card for card in self.cards if not card.goal.eliminated]

    @property
    def late(self) -> str:
        """What sending it now means, when the term has passed; one that was returned keeps its first sending's."""
        if self.report.first_submitted_at is not None or timezone.localdate(self.now) <= self.report.due_on:
            return ""
        return f"{self.term.words}. Lo que cuenta es el instante en que el envío llega completo al sistema."

    @property
    def blocked(self) -> str:
        """Why it cannot be sent now; empty when it can."""
        return self.bar.reason if self.report.is_editable else f"El reporte está en estado «{self.status.label}»."

    @property
    def began(self) -> str:
        """When this question was asked, for the receipt; nobody else can write it."""
        return signing.dumps(self.now.isoformat(), salt=SALT)


def began_at(token: str) -> datetime | None:
    """When the person began to send, as the question's page said it; None when it does not say."""
    try:
        return parse_datetime(str(signing.loads(token, salt=SALT)))
    except (signing.BadSignature, ValueError):
        return None


def receipt_words(version: ReportVersion, began: datetime | None) -> str:
    """The receipt: the instant, what was frozen, and why it counts as late if it does (WF16)."""
    report = version.report
    text = f"Reporte enviado el {long_instant(version.at)}: versión {version.number}, huella {version.digest[:12]}…"
    is_first = report.first_submitted_at == version.at
    return f"{text} {late_words(report, version.at, began)}" if report.is_late and is_first else f"{text}"
