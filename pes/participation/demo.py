"""The demonstration of participation: a DOFA that was closed and a survey that is open, invented and brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from pes import jobs
from pes.models import DofaBoard, Job, JobState, SectorPlan, Survey, SurveyText, User
from pes.participation.answering import answer
from pes.participation.boards import PICTURE_JOB, BoardFacts, move_board, open_board, voices
from pes.participation.notes import add_group, add_note, give_vote, move_notes
from pes.participation.paper import Count, record_count
from pes.participation.surveys import SurveyFacts, moderate, open_survey, prepare_survey
from pes.participation.tickets import keyed
from pes.rules.surveys import OptionLine

SECTOR = "gobierno"
HELD_BEFORE = timedelta(days=120)  # the workshop, of phase 1
OPENED_BEFORE, CLOSES_AFTER = timedelta(days=12), timedelta(days=45)  # the survey, of phase 2
ANALYST = "analista.gobierno@demo.invalid"
PEOPLE = (
    "lideres.gobierno@demo.invalid",
    "enlace.dadep@demo.invalid",
    "enlace.idpac@demo.invalid",
    "enlace.sdg@demo.invalid",
    "alcalde.local@demo.invalid",
    "directivo.gobierno@demo.invalid",
    "promotor.local@demo.invalid",
)
TITLE, PROMPT = "DOFA con las entidades del sector", "¿Con qué cuenta el sector para los próximos cuatro años?"
# Quadrant → name of the group (blank: the note stands alone) → its notes.
NOTES: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {
    "fortaleza": (
        ("Presencia en el territorio", ("Hay una alcaldía en cada localidad", "Los equipos conocen a su comunidad")),
        ("Experiencia en participación", ("Se han hecho encuentros ciudadanos todos los años",)),
        ("", ("El inventario de espacio público está al día",)),
    ),
    "oportunidad": (
        ("Ciudadanía que quiere participar", ("Las organizaciones juveniles piden espacios", "Hay veedurías activas")),
        ("", ("El nuevo plan de desarrollo prioriza la confianza en lo público",)),
        ("", ("Herramientas digitales al alcance de casi todas las personas",)),
    ),
    "debilidad": (
        (
            "Información dispersa",
            ("Cada entidad lleva sus metas en hojas distintas", "Los informes tardan en cruzarse"),
        ),
        ("", ("Rotación de los equipos locales",)),
    ),
    "amenaza": (
        ("Ocupación del espacio público", ("Crece la ocupación indebida en zonas comerciales",)),
        ("", ("Recortes de presupuesto en la mitad del periodo",)),
        ("", ("Desconfianza por obras sin terminar",)),
    ),
}
QUESTION = (
    "El sector gobierno tiene la función de garantizar el goce efectivo de derechos de los residentes de la ciudad. "
    "Esto lo hace mediante el fomento de la participación ciudadana, el mejoramiento del espacio público, y la gestión "
    "de las alcaldías locales. ¿Cuáles de los siguientes temas cree que debe ser prioridad del sector gobierno para lo "
    "que resta de la administración?"
)
OPTIONS = (
    OptionLine("Grupos étnicos"),
    OptionLine("Recuperación de espacio público"),
    OptionLine("Otro, ¿cuál?", is_other=True),
)
# What forty-two invented browsers marked, over and over, and what some wrote under «otro».
MARKED = ((2,), (1, 2), (2,), (1,), (2, 3), (2,), (1, 2))
WRITTEN = ("Seguridad en los parques", "Trámites más rápidos en la alcaldía", "Participación de las juventudes",
           "Mi vecino, el del 302, hace ruido", "Ventas informales", "Mascotas en el espacio público")  # fmt: skip
ANSWERS = 42


def load(*, now: datetime) -> None:
    """Give the PES of Gobierno its DOFA and its survey, if it has none."""
    plan = SectorPlan.objects.filter(sector__code=SECTOR).order_by("-first_vigencia").first()
    by = User.objects.filter(email=ANALYST).first()
    if plan is None or by is None:
        return
    if not plan.dofa_boards.exists():
        _workshop(plan, by, now - HELD_BEFORE)
    if not plan.surveys.exists():
        _survey(plan, by, now)


def _workshop(plan: SectorPlan, by: User, at: datetime) -> None:
    """A workshop from its first note to its picture."""
    board = open_board(plan, BoardFacts(TITLE, timezone.localdate(at), PROMPT, votes_each=3), by=by, now=at)
    known = {person.email: person for person in User.objects.filter(email__in=PEOPLE)}
    who = [known[email] for email in PEOPLE if email in known and voices(known[email], plan)]
    written = _write_notes(board, who, at)
    move_board(board, "group", by=by)
    for quadrant, groups in NOTES.items():
        for name, notes in groups:
            if name:
                group = add_group(board, quadrant=quadrant, name=name, by=by)
                ids = [written[text] for text in notes]
                move_notes(board, notes=ids, group=group, quadrant=quadrant, by=by)
    move_board(board, "call_vote", by=by)
    _vote(board, who)
    move_board(board, "close", by=by, now=at + timedelta(hours=3))
    for job in Job.objects.filter(kind=PICTURE_JOB, state=JobState.QUEUED):
        jobs.run_now(job)


def _write_notes(board: DofaBoard, who: Sequence[User], at: datetime) -> dict[str, int]:
    """Text → id of every note, by turns."""
    written: dict[str, int] = {}
    for quadrant, groups in NOTES.items():
        for _, notes in groups:
            for text in notes:
                author = who[len(written) % len(who)]
                minute = at + timedelta(minutes=len(written))
                written[text] = add_note(board, quadrant=quadrant, text=text, by=author, now=minute).pk
    return written


def _vote(board: DofaBoard, who: Sequence[User]) -> None:
    """Each gives their votes to what stands first and to something of their own choosing."""
    groups = list(board.groups.order_by("pk"))
    alone = list(board.notes.filter(group=None, withdrawn_at=None).order_by("pk"))
    for place, person in enumerate(who):
        give_vote(board, by=person, group=groups[0])
        give_vote(board, by=person, group=groups[1 + place % (len(groups) - 1)])
        give_vote(board, by=person, note=alone[place % len(alone)])


def _survey(plan: SectorPlan, by: User, now: datetime) -> None:
    """A survey that is open, with answers in line and on paper, and something left to moderate."""
    opened = now - OPENED_BEFORE
    first, last = timezone.localdate(opened), timezone.localdate(now + CLOSES_AFTER)
    said = SurveyFacts(
        title="Prioridades del sector Gobierno",
        question=QUESTION,
        options=OPTIONS,
        opens_on=first,
        closes_on=last,
        introduction="El sector prepara su plan estratégico y quiere saber qué le importa a la ciudadanía. "
        "Responder toma un minuto.",
    )
    survey = open_survey(prepare_survey(plan, said, by=by, now=opened), by=by, now=opened)
    _answers(survey, first, timezone.localdate(now))
    record_count(survey, Count("Diálogo ciudadano, Usaquén", first, "ACTA-DC-01", 31, {1: 9, 2: 24, 3: 4}), by=by)
    record_count(
        survey,
        Count("Feria de servicios, Usme", first + timedelta(days=3), "ACTA-DC-02", 18, {1: 7, 2: 11, 3: 2}),
        by=by,
    )


def _answers(survey: Survey, first: date, today: date) -> None:
    """Answers spread over its days, each of an invented browser; half of what was written is moderated."""
    days = max((today - first).days, 1)
    written = 0
    for place in range(ANSWERS):
        chosen = MARKED[place % len(MARKED)]
        text = WRITTEN[written % len(WRITTEN)] if 3 in chosen else ""
        written += bool(text)
        noon = timezone.make_aware(datetime.combine(first + timedelta(days=place % days), time(12)))
        name = f"demo:{survey.pk}:{place}"
        answer(survey, browser=keyed(name), ticket=keyed(f"ticket:{name}"), chosen=chosen, text=text, now=noon)
    by = survey.created_by
    for text in SurveyText.objects.filter(response__survey=survey).order_by("pk")[:3]:
        moderate(text, shown=True, by=by)
