"""What the pages of a survey show: its results, what was written, what was counted, and what may be done next."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator

from pes.dates import long_date
from pes.models import PaperBatch, Survey, SurveyStatus, SurveyText, TextStatus
from pes.participation.survey_results import Results, early_end_said, results_of, rows, term_said
from pes.plan_frame import plan_url

PER_PAGE = 50
TONES = {
    SurveyStatus.DRAFT: "neutral",
    SurveyStatus.OPEN: "ok",
    SurveyStatus.CLOSED: "warn",
    SurveyStatus.PUBLISHED: "info",
}
TEXT_TONES = {TextStatus.PENDING: "warn", TextStatus.SHOWN: "ok", TextStatus.HIDDEN: "neutral"}
NO_MANAGE = "Maneja las encuestas la oficina asesora de planeación del sector."


def survey_row(survey: Survey, answers: int, pending: int) -> dict[str, str]:
    """A survey in the list of its plan."""
    return {
        "title": survey.title,
        "url": plan_url(survey.plan, "pes:survey", survey.pk),
        "term": term_said(survey),
        "state": SurveyStatus(survey.status).label,
        "tone": TONES[SurveyStatus(survey.status)],
        "answers": str(answers),
        "pending": str(pending) if pending else "",
    }


def survey_page(survey: Survey, *, manages: bool, page: str | None, address: str) -> dict[str, Any]:
    """Context of the page of a survey for who works in the sector; who manages it also reads what was written."""
    results = results_of(survey)
    written = SurveyText.objects.of(survey)
    texts = Paginator(written.select_related("batch"), PER_PAGE).get_page(page)
    pending = written.filter(status=TextStatus.PENDING).count() if manages else 0
    return {
        "survey": survey,
        "state": SurveyStatus(survey.status).label,
        "tone": TONES[SurveyStatus(survey.status)],
        "term": term_said(survey),
        "early_end": early_end_said(survey),
        "public_address": address if survey.status != SurveyStatus.DRAFT else "",
        "is_draft": survey.status == SurveyStatus.DRAFT,
        "manages": manages,
        "acts": _acts(survey, pending) if manages else [],
        "edit_url": _url(survey, "survey-edit") if manages and survey.status != SurveyStatus.PUBLISHED else "",
        "reopen_url": _url(survey, "survey-reopen") if manages and survey.status == SurveyStatus.CLOSED else "",
        "paper_url": _url(survey, "survey-count-new") if manages and survey.status in ("open", "closed") else "",
        "xlsx_url": _url(survey, "survey-xlsx"),
        "texts": [text_row(survey, text) for text in texts] if manages else [],
        "page": texts,
        "pending": _left(pending),
        "may_moderate": manages and survey.status != SurveyStatus.PUBLISHED,
        "batches": [_batch(survey, batch, manages) for batch in survey.batches.select_related("recorded_by")],
        **results_context(survey, results),
    }


def results_context(survey: Survey, results: Results) -> dict[str, Any]:
    """The counts, the chart and the texts that everybody may read."""
    return {
        "results": rows(results),
        "shares": results.options,
        "online": _people(results.online, "respuesta en línea", "respuestas en línea"),
        "paper": _people(results.paper, "hoja en papel", "hojas en papel"),
        "has_paper": bool(results.paper),
        "has_answers": bool(results.people),
        "shown_texts": results.texts,
        "choice_note": "Cada quien pudo marcar varias opciones: los porcentajes pueden sumar más de 100."
        if survey.is_multiple
        else "Cada quien marcó una sola opción.",
    }


def text_row(survey: Survey, text: SurveyText) -> dict[str, Any]:
    """What somebody wrote, as it is moderated."""
    status = TextStatus(text.status)
    may = survey.status != SurveyStatus.PUBLISHED
    return {
        "text": text.text,
        "origin": f"En papel · {text.batch}" if text.batch else "En línea",
        "state": status.label,
        "tone": TEXT_TONES[status],
        "reason": text.reason,
        "show_url": _url(survey, "survey-text-show", text.pk) if may and status != TextStatus.SHOWN else "",
        "hide_url": _url(survey, "survey-text-hide", text.pk) if may and status != TextStatus.HIDDEN else "",
    }


def public_row(survey: Survey, today: date) -> dict[str, str]:
    """A survey in the list for everybody."""
    state, tone = _public_state(survey, today)
    return {
        "title": survey.title,
        "url": survey.public_url,
        "sector": survey.plan.sector.name,
        "state": state,
        "tone": tone,
        "term": term_said(survey),
    }


def is_over(survey: Survey, today: date) -> bool:
    """Whether it takes no more answers."""
    return survey.status != SurveyStatus.OPEN or today > survey.closes_on


def _public_state(survey: Survey, today: date) -> tuple[str, str]:
    if survey.status == SurveyStatus.PUBLISHED:
        return "Con resultados", "info"
    if is_over(survey, today):
        return "Terminada", "off"
    return ("Por abrir", "neutral") if today < survey.opens_on else ("Abierta", "ok")


def _acts(survey: Survey, pending: int) -> list[dict[str, str]]:
    """The step that the survey's state allows, with what it means and why it cannot be done yet."""
    if survey.status == SurveyStatus.DRAFT:
        detail = "Desde entonces la pregunta y las opciones no cambian."
        return [{"label": "Abrir la encuesta", "url": _url(survey, "survey-open"), "detail": detail, "reason": ""}]
    if survey.status == SurveyStatus.OPEN:
        detail = "Ya nadie podrá responder en línea; después se moderan las respuestas abiertas y se publica."
        return [{"label": "Cerrar la encuesta", "url": _url(survey, "survey-close"), "detail": detail, "reason": ""}]
    if survey.status == SurveyStatus.CLOSED:
        detail = "Todas las personas verán los resultados en la dirección pública. No se deshace."
        reason = f"{_left(pending)}." if pending else ""
        publish = _url(survey, "survey-publish")
        return [{"label": "Publicar los resultados", "url": publish, "detail": detail, "reason": reason}]
    return []


def _batch(survey: Survey, batch: PaperBatch, manages: bool) -> dict[str, str]:
    may = manages and survey.status in (SurveyStatus.OPEN, SurveyStatus.CLOSED)
    return {
        "place": batch.place,
        "held": long_date(batch.held_on),
        "act": batch.act_number,
        "sheets": str(batch.sheets),
        "by": str(batch.recorded_by),
        "url": _url(survey, "survey-count-edit", batch.pk) if may else "",
        "withdraw_url": _url(survey, "survey-count-withdraw", batch.pk) if may else "",
    }


def _left(pending: int) -> str:
    if not pending:
        return ""
    return (
        "Falta 1 respuesta abierta por moderar" if pending == 1 else f"Faltan {pending} respuestas abiertas por moderar"
    )


def _people(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {many}"


def _url(survey: Survey, name: str, *args: Any) -> str:
    return plan_url(survey.plan, f"pes:{name}", survey.pk, *args)
