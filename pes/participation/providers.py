"""What participation offers to the rest: tabs, the fact of its gate, the citizens' validation, work that waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from pes import registry
from pes.models import BoardStatus, DofaBoard, Job, SectorPlan, Survey, SurveyStatus, TextStatus
from pes.participation import dofa_files as dofa_files  # teaches the runner its job
from pes.participation.boards import PICTURE_JOB, TAKE_PART
from pes.participation.picture import counts_of
from pes.participation.surveys import answer_count, close_expired, unread_on_paper
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.dofa import empty_quadrants
from pes.rules.gates import GateFact
from pes.rules.surveys import MANAGE

ENDS_SOON = timedelta(days=3)


def tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """«DOFA» and «Encuesta»."""
    yield {"key": "dofa", "label": "DOFA", "url": plan_url(plan, "pes:dofa"), "order": 40}
    yield {"key": "survey", "label": "Encuesta", "url": plan_url(plan, "pes:surveys"), "order": 45}


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """G1 asks for a DOFA that was closed with its four quadrants filled in (LC-02, LC-04)."""
    boards = list(DofaBoard.objects.filter(plan=plan).order_by("-held_on", "-pk"))
    closed = [board for board in boards if board.status == BoardStatus.CLOSED]
    counts = counts_of(closed)
    missing = [empty_quadrants(counts[board.pk]) for board in closed]
    if any(not names for names in missing):
        said = ""
    elif closed:
        said = f"El taller DOFA quedó sin notas en {_joined(missing[0])}: haga otro que los llene."
    elif boards:
        said = f"El taller «{boards[0].title}» no se ha cerrado."
    else:
        said = "No se ha hecho el taller DOFA."
    yield GateFact("dofa_four_quadrants", not said, said, plan_url(plan, "pes:dofa"))


def community_validation(plan: SectorPlan) -> Iterator[bool]:
    """Whether a survey of the plan has ended with somebody's answer: citizens were heard (LC-03)."""
    ended = Survey.objects.filter(plan=plan, status__in=(SurveyStatus.CLOSED, SurveyStatus.PUBLISHED))
    yield any(answer_count(survey) for survey in ended)


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Words of citizens to moderate and results to publish; boards that wait for one's notes or votes."""
    pending = Q(responses__text__status=TextStatus.PENDING)
    waiting = Survey.objects.visible_to(user, MANAGE).exclude(status__in=(SurveyStatus.DRAFT, SurveyStatus.PUBLISHED))
    counted = waiting.select_related("plan__sector").annotate(
        unread=Count("responses__text", filter=pending) + unread_on_paper()
    )
    for survey in counted.order_by("closes_on", "pk"):
        if survey.unread:
            texts = "1 respuesta abierta" if survey.unread == 1 else f"{survey.unread} respuestas abiertas"
            yield _item(survey, f"Moderar {texts}", survey.title)
        elif survey.status == SurveyStatus.CLOSED:
            yield _item(survey, "Publicar los resultados de la encuesta", survey.title)
    yield from _boards(user)


def planner(today: date) -> Iterator[str]:
    """Surveys whose last day has passed are closed here: nothing is left for a job to do."""
    for survey in close_expired(today):
        yield f"survey-expired:{survey}"


def job_title(job: Job) -> Iterator[str]:
    """What the job of a board's picture is called."""
    if job.kind == PICTURE_JOB:
        yield f"PDF del {DofaBoard.objects.get(pk=job.payload['board'])}"


def job_links(job: Job) -> Iterator[dict[str, str]]:
    """Where its result is."""
    if job.kind == PICTURE_JOB:
        board = DofaBoard.objects.select_related("plan__sector").get(pk=job.payload["board"])
        yield {"label": "Volver al taller", "url": plan_url(board.plan, "pes:dofa-board", board.pk)}


def job_scope(job: Job) -> Iterator[tuple[Permission, DofaBoard]]:
    """Whoever reads the PES may see how the job goes."""
    if job.kind == PICTURE_JOB:
        yield Permission.PES_READ, DofaBoard.objects.get(pk=job.payload["board"])


def _boards(user: Any) -> Iterator[dict[str, Any]]:
    """Boards of these days on which the person has not written, or has votes left."""
    near = timezone.localdate() - ENDS_SOON
    open_now = DofaBoard.objects.visible_to(user, TAKE_PART).filter(held_on__gte=near)
    mine = Count("notes", filter=Q(notes__author=user.pk), distinct=True)
    given = Count("votes", filter=Q(votes__person=user.pk), distinct=True)
    rows = open_now.select_related("plan__sector").annotate(mine=mine, given=given)
    for board in rows.order_by("held_on", "pk"):
        asks_note = board.status == BoardStatus.COLLECTING and not board.mine
        asks_vote = board.status == BoardStatus.VOTING and board.given < board.votes_each
        if asks_note or asks_vote:
            title = "Escribir en el taller DOFA" if asks_note else "Votar en el taller DOFA"
            yield {
                "title": title,
                "detail": f"{board.title} · sector {board.plan.sector.name}",
                "url": plan_url(board.plan, "pes:dofa-board", board.pk),
                "due_on": board.held_on,
                "since": timezone.localdate(board.opened_at),
                "kind": "dofa",
            }


def _item(survey: Survey, title: str, detail: str) -> dict[str, Any]:
    return {
        "title": title,
        "detail": f"{detail} · sector {survey.plan.sector.name}",
        "url": plan_url(survey.plan, "pes:survey", survey.pk),
        "due_on": None,
        "since": survey.opens_on,
        "kind": "survey",
    }


def _joined(names: list[str]) -> str:
    return " y ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


registry.provide("plan_tabs", tabs)
registry.provide("gate_facts", gate_facts)
registry.provide("community_validation", community_validation)
registry.provide("inbox", inbox)
registry.provide("planner", planner)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
registry.provide("job_scope", job_scope)
