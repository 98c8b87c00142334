"""The page of the review of a report: what is side by side, who acts, why a button does not (PG-R5; act. 10 and 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes.models import Membership
from pes.permissions import Role
from tests import people, plan_makers, report_makers
from tests.answers import page_of
from tracking import lifecycle, report_observations
from tracking.corrections import correct
from tracking.models import Evidence, QuarterReport, ReportObservation
from tracking.pages.report_events import happenings_of
from tracking.rules.report_states import ReportStatus

pytestmark = pytest.mark.django_db
HERE = "/planes/PLE-PIN/2022/trimestres/1/"
REVIEW = f"{HERE}revision/"


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


def report_in(them: people.Cast, status: str, *, goals: int = 2, **entries: object) -> QuarterReport:
    """The report of a plan with some goals."""
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=goals)
    return report_makers.report(plan, status=status, **entries)


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


@pytest.mark.rule("PT-19", "PG-R5")
def test_goals_with_findings_come_first_and_clean_ones_are_closed(them: people.Cast) -> None:
    over = {2: {"achieved": Decimal(40), "explanation": "Hubo una jornada especial."}}
    report_in(them, "in_review", entries=over)

    page = text(page_of(them.ana).get(REVIEW))

    assert page.index('id="meta-2"') < page.index('id="meta-1"')
    assert '<div id="meta-1"><details class="disclosure"><summary>' in page
    assert "1 meta sin hallazgos" in page
    assert "160,00 %" in page
    assert "Hubo una jornada especial." in page


@pytest.mark.rule("UP8", "PT-19")
def test_shared_evidence_and_a_changed_history_bring_goals_forward(them: people.Cast) -> None:
    first = report_in(them, "validated", goals=3)
    first.move("consolidate", consolidated_at=timezone.now())
    second = report_makers.report(first.plan, 2, status="in_review")
    lifecycle.reopen(first, reason="El acta corrige la cifra", by=them.jorge)
    correct(first.entries.get(goal__number=1), "achieved", Decimal("25.5"), reason="El acta", by=them.ana)
    for row in second.entries.filter(goal__number__in=(2, 3)):
        file = {"kind": "file", "sha256": "ab" * 32, "size": 9, "display_name": "acta.pdf"}
        Evidence.objects.create(entry=row, **file, uploaded_by=them.pilar, uploaded_at=timezone.now())

    page = text(page_of(them.ana).get(second.url("report-review")))

    assert "T1 se consolidó con 25 y ahora dice 25,5." in page
    assert "El mismo archivo respalda también la meta 3" in page
    assert page.index('id="meta-1"') < page.index('id="meta-2"') < page.index('id="meta-3"')
    assert "sin hallazgos:" not in page


@pytest.mark.rule("AZ4")
def test_who_sent_it_does_not_accept_it_even_as_an_analyst(them: people.Cast) -> None:
    report_in(them, "in_review")
    Membership.grant(user=them.luis, unit=them.sector, role=Role.ANALISTA_OAP, starts_on=people.SINCE, by=None)
    luis = page_of(them.luis)

    page, answer = text(luis.get(REVIEW)), text(luis.post(f"{REVIEW}validar/", follow=True))

    assert f'action="{REVIEW}validar/"' not in page
    assert "quien reporta no valida" in page
    assert "quien reporta no valida" in answer
    assert QuarterReport.objects.get().status == ReportStatus.IN_REVIEW


@pytest.mark.rule("SM-2", "WF2")
def test_the_analyst_takes_observes_returns_and_accepts(them: people.Cast) -> None:
    report = report_in(them, "submitted")
    ana = page_of(them.ana)
    assert "Tomar para revisar" in text(ana.get(REVIEW))
    assert "Primero tómelo para revisarlo." in text(ana.get(REVIEW))

    assert "Lo revisa Ana Analista" in text(ana.post(f"{REVIEW}tomar/", follow=True))
    made = ana.post(f"{REVIEW}observaciones/nueva/", {"goal": "2", "field": "evidence", "text": "No abre."})
    thread = ReportObservation.objects.get()
    assert made.headers["Location"] == f"{REVIEW}?meta=2#hilo-{thread.pk}"
    assert "Meta 2 · Evidencias" in text(ana.get(REVIEW))
    assert "Reporte devuelto" in text(ana.post(f"{REVIEW}devolver/", {"text": "Y falta el acta."}, follow=True))
    assert ReportObservation.objects.count() == 2

    for one in ReportObservation.objects.all():
        report_observations.answer(one, "Corregido.", by=them.luis)
    lifecycle.submit(report, by=them.luis)
    assert "En la ronda anterior lo revisó Ana Analista." in text(ana.get(REVIEW))
    ana.post(f"{REVIEW}tomar/")
    assert "Reporte validado: versión 3" in text(ana.post(f"{REVIEW}validar/", follow=True))
    again = text(ana.post(f"{REVIEW}validar/", follow=True))
    assert "Usted ya lo hizo el" in again


@pytest.mark.rule("SM-2")
def test_what_was_refused_keeps_what_was_typed(them: people.Cast) -> None:
    report_in(them, "in_review")
    ana = page_of(them.ana)

    wrong = ana.post(f"{REVIEW}metas/1/corregir/", {"field": "achieved", "value": "doce", "reason": "Acta 4"})
    empty = ana.post(f"{REVIEW}observaciones/nueva/", {"text": "  ", "field": ""})
    right = ana.post(f"{REVIEW}metas/1/corregir/", {"field": "achieved", "value": "24,5", "reason": "Acta 4"})

    assert (wrong.status_code, empty.status_code, right.status_code) == (422, 422, 302)
    assert ": «doce» no es un número." in text(wrong)
    assert "Ejecutado: «doce»" not in text(wrong)
    assert "Acta 4" in text(wrong)
    page = text(ana.get(right.headers["Location"]))
    assert "decía <del>25</del> y dice <ins>24,5</ins>" in page
    assert "El resultado de T1 es 98,00 % y faltan las causas del retraso." in page


@pytest.mark.rule("AZ2", "AZ18")
def test_others_read_it_with_reasons_and_strangers_do_not_find_it(them: people.Cast) -> None:
    report_in(them, "in_review")

    luis = page_of(them.luis)
    for reader in (luis, page_of(them.diana), page_of(them.olga)):
        page = text(reader.get(REVIEW))
        assert "Lo hace un analista de la oficina asesora de planeación." in page
        assert f'action="{REVIEW}validar/"' not in page
    for name in ("marta", "oscar"):
        stranger = page_of(getattr(them, name))
        assert [stranger.get(address).status_code for address in (REVIEW, f"{HERE}historia/")] == [404, 404]
    acts = ("tomar/", "devolver/", "validar/", "reabrir/", "observaciones/nueva/", "metas/1/corregir/")
    assert {luis.post(f"{REVIEW}{act}").status_code for act in acts} == {403}
    assert page_of(them.ana).post(f"{REVIEW}metas/9/corregir/").status_code == 404


@pytest.mark.rule("WF18")
def test_only_the_head_reopens_with_a_reason(them: people.Cast) -> None:
    report = report_in(them, "validated")
    assert "Lo reabre la jefatura" in text(page_of(them.ana).get(REVIEW))
    jorge = page_of(them.jorge)

    refused = jorge.post(f"{REVIEW}reabrir/", {"reason": " "})
    answer = jorge.post(f"{REVIEW}reabrir/", {"reason": "El acta corrige la cifra."}, follow=True)

    assert refused.status_code == 422
    assert "Reporte reabierto" in text(answer)
    assert report_makers.again(report).status == ReportStatus.IN_REVIEW


@pytest.mark.rule("CAL-01")
def test_the_head_gives_more_days_and_sees_the_effect(them: people.Cast, time_machine) -> None:
    report = report_in(them, "open")
    time_machine.move_to(report_makers.opened_on(2022, 1, days=9), tick=False)
    jorge, where = page_of(them.jorge), f"{HERE}prorroga/"

    short = jorge.post(where, {"to": "2022-04-18", "reason": "Fallas del sistema"})
    sunday = jorge.post(where, {"to": "2022-04-24", "reason": "Fallas del sistema"})
    given = jorge.post(where, {"to": "2022-04-25", "reason": "Fallas del sistema"}, follow=True)

    assert (short.status_code, jorge.get(where).status_code) == (422, 200)
    assert "una prórroga da un día posterior" in text(short)
    assert "Elija el 25 de abril de 2022, el día hábil que sigue." in text(sunday)
    assert "El plazo pasa del 18 de abril de 2022 al 25 de abril de 2022: 15 días quedan." in text(given)
    assert "El vencimiento legal era el 18 de abril de 2022." in text(given)
    assert page_of(them.ana).get(where).status_code == 403
    assert report_makers.again(report).due_on.day == 25


@pytest.mark.rule("CAL-01", "WF14")
def test_the_history_says_when_each_extension_was_given(them: people.Cast) -> None:
    report = report_in(them, "open")
    for days, day in ((2, 20), (4, 25)):
        now = report_makers.opened_on(2022, 1, days=days)
        lifecycle.extend(report, to=date(2022, 4, day), reason="Fallas", by=them.jorge, now=now)

    given = [one.at for one in happenings_of(report) if one.title == "Se prorrogó el plazo"]

    assert given == [report_makers.opened_on(2022, 1, days=days) for days in (4, 2)]


@pytest.mark.rule("WF19", "WF21")
def test_the_history_tells_everything_and_compares_versions(them: people.Cast) -> None:
    report = report_in(them, "in_review")
    row = report.entries.select_related("goal").get(goal__number=1)
    correct(row, "analysis", "Se atendieron 25 solicitudes.", reason="Concuerda con el acta", by=them.ana)
    lifecycle.validate(report, by=them.ana)
    lifecycle.reopen(report, reason="Se revisa la cifra", by=them.jorge)
    luis = page_of(them.luis)

    page = text(luis.get(f"{HERE}historia/"))
    compared = text(luis.get(f"{HERE}historia/?antes=1&despues=2"))
    alone = text(luis.get(f"{HERE}historia/?version=1&ver=pasos"))

    for said in ("Se abrió", "Enviado", "Tomado para revisar", "Validado", "Motivo: Se revisa la cifra", "Soporte"):
        assert said in page
    assert page.index("Reabierto") < page.index("Se abrió")
    assert "Corrección de la OAP · Meta 1 · Análisis del trimestre" in page
    assert "<ins>25</ins>" in compared
    assert "Íntegra" in alone
    assert "Corrección de la OAP" not in alone
    assert "Motivo: Concuerda con el acta" in page


def test_the_number_of_queries_does_not_grow_with_the_goals(them: people.Cast) -> None:
    counts = []
    ana = page_of(them.ana)
    for unit, by, goals in ((them.process, them.luis, 2), (them.alcaldia, them.marta, 10)):
        plan = plan_makers.management_plan(unit=unit, by=by, goals=goals)
        report = report_makers.report(plan, status="in_review")
        for number in range(1, goals, 2):
            row = report.entries.get(goal__number=number)
            report_observations.raise_observation(report, row, "", "Falta el acta.", by=them.ana)
        for name in ("report-review", "report-history"):
            ana.get(report.url(name))
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert ana.get(report.url(name)).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
