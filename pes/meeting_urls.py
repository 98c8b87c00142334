"""Addresses of `pes`: the meetings of a PES and their commitments."""

from django.urls import path

from pes.views import meeting_commitments as commitments
from pes.views import meeting_minutes as minutes
from pes.views import meetings

_PLAN = "sectores/<slug:slug>/pes/<int:first>"
_MEETING = f"{_PLAN}/mesas/<int:pk>"
_COMMITMENT = f"{_PLAN}/compromisos/<int:pk>"

urlpatterns = [
    path(f"{_PLAN}/mesas/", meetings.meetings, name="meetings"),
    path(f"{_PLAN}/mesas/programar/", meetings.meeting_new, name="meeting-new"),
    path(f"{_MEETING}/", meetings.meeting, name="meeting"),
    path(f"{_MEETING}/cambiar/", meetings.meeting_edit, name="meeting-edit"),
    path(f"{_MEETING}/invitados/", meetings.meeting_guests, name="meeting-guests"),
    path(f"{_MEETING}/convocar/", meetings.meeting_convene, name="meeting-convene"),
    path(f"{_MEETING}/cancelar/", meetings.meeting_cancel, name="meeting-cancel"),
    path(f"{_MEETING}/invitacion.ics", meetings.meeting_calendar, name="meeting-calendar"),
    path(f"{_MEETING}/asistencia/", minutes.attendance, name="meeting-attendance"),
    path(f"{_MEETING}/acta/", minutes.minutes, name="meeting-minutes"),
    path(f"{_MEETING}/cerrar/", minutes.close, name="meeting-close"),
    path(f"{_MEETING}/adendas/", minutes.addendum, name="meeting-addendum"),
    path(f"{_MEETING}/archivos/", minutes.file, name="meeting-file"),
    path(f"{_MEETING}/compromisos/", minutes.commit, name="meeting-commit"),
    path(f"{_MEETING}/documento/", minutes.document, name="meeting-document"),
    path(f"{_MEETING}/acta.pdf", minutes.acta_pdf, name="meeting-pdf"),
    path(f"{_MEETING}/acta.docx", minutes.acta_docx, name="meeting-docx"),
    path(f"{_PLAN}/compromisos/", commitments.commitments, name="commitments"),
    path(f"{_COMMITMENT}/", commitments.commitment, name="commitment"),
    path(f"{_COMMITMENT}/avance/", commitments.note, name="commitment-note"),
    path(f"{_COMMITMENT}/cumplir/", commitments.fulfil, name="commitment-fulfil"),
    path(f"{_COMMITMENT}/reabrir/", commitments.reopen, name="commitment-reopen"),
    path(f"{_COMMITMENT}/retirar/", commitments.withdraw, name="commitment-withdraw"),
    path(f"{_COMMITMENT}/plazo/", commitments.reschedule, name="commitment-reschedule"),
    path(f"{_COMMITMENT}/quitar/", commitments.remove, name="commitment-remove"),
]
