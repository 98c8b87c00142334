"""Responsible people, bottlenecks, actions and the agenda of the evaluation: verbs and pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.documents.html import document
from evaluation.documents.sector_report import build
from evaluation.improvement import actions as verbs
from evaluation.improvement.boards import effect_text
from evaluation.improvement.bottlenecks import Draft, correct_bottleneck, facts_of, register_bottleneck, reopen, solve
from evaluation.improvement.effects import effects_of
from evaluation.improvement.history import action_history, bottleneck_history
from evaluation.improvement.responsibilities import assign, owners_of
from evaluation.improvement.responsibilities import facts_of as owner_facts
from evaluation.models import ActionFollowUp, Bottleneck, ImprovementAction
from evaluation.phase_providers import inbox
from evaluation.rules.improvement_states import ActionKind, ActionStatus, BottleneckStatus, Severity
from evaluation.rules.periods import parse_period
from pes.dates import long_date, long_instant
from pes.edits import StaleEdit, fingerprint
from pes.models import StoredFile
from pes.rules.problems import Refused
from tests import make
from tests.answers import codes, page_of
from tests.evaluation.sector import Sector, sector
from tracking.demo_evidence import pdf

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LINK = "https://www.ejemplo.invalid/acta"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def draft(it: Sector, **changed: object) -> Draft:
    said = {
        "unit": it.them.head, "title": "Contratación atrasada", "cause": "Los estudios se devolvieron.",
        "severity": Severity.HIGH, "since": date(2022, 2, 1), "indicator": it.plan.indicators.get(key="1"),
    }  # fmt: skip
    return Draft(**said | changed)


def bottleneck(it: Sector, **changed: object) -> Bottleneck:
    return register_bottleneck(it.plan, draft(it, **changed), by=it.them.ana)


def action_draft(it: Sector, **changed: object) -> verbs.ActionDraft:
    said = {
        "kind": ActionKind.SHOCK, "text": "Reforzar el equipo.", "expected_effect": "Alcanzar la meta.",
        "owner": it.them.pilar, "starts_on": date(2022, 4, 1), "due_on": date(2022, 5, 1),
    }  # fmt: skip
    return verbs.ActionDraft(**said | changed)


def action(it: Sector, **changed: object) -> ImprovementAction:
    return verbs.register_action(bottleneck(it), action_draft(it, **changed), by=it.them.ana)


def done(it: Sector) -> ImprovementAction:
    made = action(it)
    verbs.follow_up(made, progress=100, text="Listo.", link="https://www.ejemplo.invalid/acta", by=it.them.pilar)
    verbs.finish(made, by=it.them.pilar)
    return made


def test_the_history_tells_what_was_done_on_the_day_it_was_done():
    it, at = sector(), [timezone.now() - timedelta(days=days) for days in (50, 40, 30, 20)]
    made = verbs.register_action(bottleneck(it), action_draft(it), by=it.them.ana, now=at[0])
    for progress, when in ((40, at[1]), (100, at[2])):
        verbs.follow_up(made, progress=progress, text=f"Va en {progress}.", link=LINK, by=it.them.pilar, now=when)
    verbs.finish(made, by=it.them.pilar, now=at[2])
    verbs.send_back(made, reason="Falta el acta.", by=it.them.ana)
    verbs.finish(made, by=it.them.pilar, now=at[3])
    solve(made.bottleneck, solution="Se firmó.", by=it.them.ana, now=at[3])

    told = [row["when"] for row in action_history(made, list(made.follow_ups.order_by("-pk")))]
    of_bottleneck = [row["when"] for row in bottleneck_history(made.bottleneck)]

    today = long_date(TODAY())
    finished, sent_back, once_finished, *rest = told
    assert finished == long_date(timezone.localdate(at[3]))
    assert sent_back.startswith(today)  # the record keeps no day of these two: the trail's
    assert once_finished.startswith(today)
    assert rest == [long_instant(one) for one in (at[2], at[1], at[1], at[0])]
    assert of_bottleneck[0] == finished
    assert of_bottleneck[1].startswith(today)


def test_one_form_says_who_answers_for_each_goal_and_indicator():
    it = sector()
    goal, one = it.objective.goals.get(), it.plan.indicators.get(key="1")
    owners = {("goal", goal.pk): it.them.ana.pk, ("indicator", one.pk): it.them.pilar.pk}

    changed = assign(it.plan, owners, read=fingerprint({}), by=it.them.ana)
    again = assign(it.plan, owners, read=fingerprint(owner_facts(owners)), by=it.them.ana)

    assert (changed, again, owners_of(it.plan)) == (2, 0, owners)
    with pytest.raises(StaleEdit):
        assign(it.plan, owners, read=fingerprint({}), by=it.them.ana)
    with pytest.raises(Refused) as refused:
        assign(it.plan, {("goal", goal.pk): it.them.oscar.pk}, read=fingerprint(owner_facts(owners)), by=it.them.ana)
    assert codes(refused) == ["person_outside"]
    with pytest.raises(PermissionDenied):
        assign(it.plan, {}, read="", by=it.them.elena)
    sheet = page_of(it.them.diana).get(it.url("indicadores/1/")).content.decode()
    assert "Pilar Promotora" in sheet


def test_the_table_of_responsible_people_takes_emails_and_names_a_stranger():
    it = sector()
    one, goal = it.plan.indicators.get(key="1"), it.objective.goals.get()
    browser, url = page_of(it.them.ana), it.url("pes/2020/responsables/guardar/")
    data = {"read": fingerprint({}), f"indicator-{one.pk}": "PILAR.promotora@ejemplo.invalid"}

    stranger = browser.post(url, data | {f"goal-{goal.pk}": it.them.oscar.email})
    saved = browser.post(url, data)
    stale = browser.post(url, data)

    assert (stranger.status_code, saved.status_code, stale.status_code) == (422, 302, 409)
    assert "no tiene un rol en este sector" in stranger.content.decode()
    assert owners_of(it.plan) == {("indicator", one.pk): it.them.pilar.pk}


def test_a_bottleneck_is_registered_once_corrected_solved_and_reopened():
    it = sector()
    made, again = bottleneck(it), bottleneck(it)
    other = draft(it, severity=Severity.LOW)

    assert made == again
    assert correct_bottleneck(made, other, read=fingerprint(facts_of(made)), by=it.them.elena)
    with pytest.raises(StaleEdit):
        correct_bottleneck(made, draft(it), read="", by=it.them.ana)
    solve(made, solution="El contrato se firmó.", by=it.them.ana)
    assert (made.status, made.solved_on) == (BottleneckStatus.SOLVED, TODAY())
    with pytest.raises(Refused) as refused:
        solve(made, solution="Otra vez.", by=it.them.ana)
    assert codes(refused) == ["wrong_state"]
    reopen(made, reason="Volvió a frenar.", by=it.them.ana)
    assert (made.status, made.solution) == (BottleneckStatus.OPEN, "")


def test_declaring_it_solved_names_the_actions_that_are_not_finished_and_asks():
    it = sector()
    made = action(it)
    browser, page = page_of(it.them.ana), made.bottleneck.get_absolute_url()

    shown = browser.get(page).content.decode()
    asked = browser.post(f"{page}superar/", {"solve-text": "Se firmó."})
    solved = browser.post(f"{page}superar/", {"solve-text": "Se firmó.", "solve-confirmed": "on"})
    made.bottleneck.refresh_from_db()

    assert "Todavía hay acciones sin terminar" in shown
    assert (asked.status_code, solved.status_code) == (422, 302)
    assert "queda 1 acción sin terminar" in asked.content.decode()
    assert made.bottleneck.status == BottleneckStatus.SOLVED


@pytest.mark.rule("REP-03")
def test_days_that_no_pes_can_have_are_refused():
    it = sector()
    with pytest.raises(Refused) as old:
        bottleneck(it, since=date(1850, 1, 1))
    with pytest.raises(Refused) as shock:
        action(it, starts_on=date(1850, 1, 1), due_on=date(2999, 1, 1))

    assert codes(old) == ["since_before_plan"]
    assert codes(shock) == ["starts_before_plan", "due_after_plan"]


def test_a_link_keeps_the_bottlenecks_of_its_own_entity_only():
    it = sector()
    foreign = make.indicator(goal=it.objective.goals.get(), entity=it.them.second_entity, key="77")

    with pytest.raises(PermissionDenied):
        register_bottleneck(it.plan, draft(it, unit=it.them.second_entity), by=it.them.elena)
    with pytest.raises(Refused) as refused:
        register_bottleneck(it.plan, draft(it, indicator=foreign), by=it.them.elena)
    with pytest.raises(Refused) as nothing:
        register_bottleneck(it.plan, draft(it, indicator=None, title=" "), by=it.them.elena)

    assert codes(refused) == ["target_foreign"]
    assert codes(nothing) == ["title_missing", "target_missing"]
    whole = draft(it, unit=it.them.sector, indicator=None, objective=it.objective)
    assert register_bottleneck(it.plan, whole, by=it.them.ana).unit == it.them.sector


def test_an_action_goes_from_its_owner_to_the_verification_of_another():
    it = sector()
    made = action(it)
    entry = verbs.follow_up(made, progress=40, text="Se contrató.", by=it.them.pilar)
    same = verbs.follow_up(made, progress=40, text="Se contrató.", by=it.them.pilar)

    made.refresh_from_db()
    assert (entry, made.status) == (same, ActionStatus.UNDER_WAY)
    with pytest.raises(Refused) as early:
        verbs.finish(made, by=it.them.pilar)
    assert codes(early) == ["action_unfinished", "evidence_missing"]
    proof = SimpleUploadedFile("acta.pdf", pdf("Acta", []))
    verbs.follow_up(made, progress=100, text="Terminado.", upload=proof, by=it.them.pilar)
    verbs.finish(made, by=it.them.pilar)
    assert (made.status, made.done_by) == (ActionStatus.DONE, it.them.pilar)
    verbs.verify(made, by=it.them.ana)
    assert (made.status, made.verified_by) == (ActionStatus.VERIFIED, it.them.ana)
    with pytest.raises(Refused):
        verbs.follow_up(made, progress=100, text="Algo más.", by=it.them.pilar)
    assert ActionFollowUp.objects.filter(action=made).count() == 2


def test_the_same_follow_up_with_the_same_file_is_one_and_another_file_another():
    it, content = sector(), pdf("Acta", [])
    made = action(it)

    def say(file: bytes) -> ActionFollowUp:
        return verbs.follow_up(
            made, progress=40, text="Va.", upload=SimpleUploadedFile("acta.pdf", file), by=it.them.pilar
        )

    first = say(content)
    assert say(content) == first
    assert say(pdf("Otra acta", [])) != first
    assert (made.follow_ups.count(), StoredFile.objects.count()) == (2, 2)


def test_who_did_an_action_does_not_verify_it_and_strangers_write_nothing():
    it = sector()
    made = verbs.register_action(bottleneck(it), action_draft(it, owner=it.them.ana), by=it.them.jorge)
    verbs.follow_up(made, progress=100, text="Listo.", link="https://www.ejemplo.invalid/a", by=it.them.ana)
    verbs.finish(made, by=it.them.ana)

    with pytest.raises(Refused) as own:
        verbs.verify(made, by=it.them.ana)
    with pytest.raises(PermissionDenied):
        verbs.verify(made, by=it.them.pilar)
    with pytest.raises(PermissionDenied):
        verbs.follow_up(made, progress=1, text="Yo también.", by=it.them.luis)
    verbs.send_back(made, reason="Falta el acta.", by=it.them.jorge)

    assert codes(own) == ["author_is_approver"]
    assert (made.status, made.done_on) == (ActionStatus.UNDER_WAY, None)
    verbs.discard(made, reason="Ya no hace falta.", by=it.them.jorge)
    assert made.discard_reason == "Ya no hace falta."


def test_an_action_belongs_to_somebody_of_the_sector():
    it = sector()

    with pytest.raises(Refused) as refused:
        action(it, owner=it.them.oscar, due_on=date(2022, 3, 1))

    assert codes(refused) == ["due_before_start", "person_outside"]


@pytest.mark.rule("REP-02")
def test_the_effect_is_read_from_stored_cutoffs_and_never_typed():
    it = sector()
    made = action(it)
    one = it.plan.indicators.get(key="1")
    make.measurement(indicator=one, by=it.them.elena, achieved=80, on=date(2022, 6, 30))
    make.run_jobs()

    fresh = ImprovementAction.objects.select_related("bottleneck__indicator", "bottleneck__objective").get(pk=made.pk)
    found = effects_of([fresh], date(2022, 7, 1))[made.pk]
    then = effects_of([fresh], date(2022, 7, 1), known=date(2022, 3, 31))[made.pk]

    assert (found.before.ratio, found.after.ratio, found.change) == (Decimal("0.5"), Decimal("0.8"), Decimal("0.3"))
    assert effect_text(found) == "De 50,00\u00a0% a 80,00\u00a0% (+30,00\u00a0puntos)"
    assert then.after is None
    assert effect_text(then) == "50,00\u00a0% en el corte del 31 de marzo de 2022; falta un corte posterior"


@pytest.mark.rule("REP-02")
def test_a_cutoff_of_another_vigencia_is_no_cutoff_before_the_action():
    it = sector()
    made = action(it, starts_on=date(2023, 2, 1), due_on=date(2023, 3, 1))

    found = effects_of([made], date(2023, 2, 1))[made.pk]

    said = "Sin corte de la vigencia 2023; el último, del 31 de marzo de 2022, decía 50,00\u00a0%"
    assert effect_text(found) == said


@pytest.mark.rule("REP-02")
def test_semiannual_reports_list_bottlenecks_and_actions_and_monthly_ones_name_the_delay():
    it = sector(measured=1)
    made = action(it)
    register_bottleneck(
        it.plan, draft(it, indicator=it.plan.indicators.get(key="2"), title="Sin equipo"), by=it.them.ana
    )
    make.measurement(indicator=it.plan.indicators.get(key="1"), by=it.them.elena, achieved=60, on=date(2022, 5, 31))
    make.run_jobs()

    half = build(it.plan, parse_period("semiannual", "2022-S1"), date(2022, 5, 31))
    month = build(it.plan, parse_period("monthly", "2022-05"), date(2022, 5, 31))

    assert [one.title for one in half.obstacles] == ["Contratación atrasada", "Sin equipo"]
    assert [one.text for one in half.obstacles[0].actions] == [made.text]
    assert month.obstacles == ()
    assert {line.key: line.obstacle for line in month.delays} == {"2": "Sin equipo"}


def test_what_people_wrote_of_a_bottleneck_is_only_text_in_a_report():
    it = sector()
    made = bottleneck(it, title=HOSTILE, cause=HOSTILE)
    verbs.register_action(made, action_draft(it, text=HOSTILE), by=it.them.ana)

    written = document(build(it.plan, parse_period("semiannual", "2022-S1"), date(2022, 3, 31)), "")

    assert written.count("&lt;script&gt;alert(1)") >= 3
    assert "<script>alert" not in written
    assert "<img src=x" not in written


def test_the_inbox_puts_owners_verifiers_and_those_who_answer_for_an_indicator_to_work():
    it = sector(measured=1)
    waiting, finished = action(it), done(it)
    late = verbs.register_action(
        Bottleneck.objects.first(),
        action_draft(it, text="Otra cosa.", due_on=TODAY() - timedelta(days=1)),
        by=it.them.ana,
    )
    two = it.plan.indicators.get(key="2")
    assign(it.plan, {("indicator", two.pk): it.them.pilar.pk}, read=fingerprint({}), by=it.them.ana)

    pilar = [item["kind"] for item in inbox(it.them.pilar)]
    jorge = [item["kind"] for item in inbox(it.them.jorge)]

    assert waiting == finished  # the same action, registered once
    assert pilar == ["improvement", "measurement_owner"]
    assert jorge == ["improvement_verify"]
    assert late.due_on in [item["due_on"] for item in inbox(it.them.pilar)]


def test_the_pages_show_ageing_and_escape_what_people_wrote():
    it = sector()
    made = bottleneck(it, title=HOSTILE, cause=HOSTILE)
    acted = verbs.register_action(made, action_draft(it, text=HOSTILE, expected_effect=HOSTILE), by=it.them.ana)
    verbs.follow_up(acted, progress=10, text=HOSTILE, by=it.them.pilar)
    base, browser = it.url("pes/2020/evaluacion/"), page_of(it.them.ana)

    addresses = (
        "",
        "cuellos/",
        "acciones/",
        f"cuellos/{made.pk}/",
        f"acciones/{acted.pk}/",
        "cuellos/nuevo/?indicador=1",
    )
    pages = [browser.get(base + rest) for rest in addresses]

    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    assert "Lleva " in pages[1].content.decode()
    assert "Venció hace" in pages[2].content.decode()


def test_acts_on_the_pages_ask_for_the_power_each_time():
    it = sector()
    made = action(it)
    url = it.url(f"pes/2020/evaluacion/acciones/{made.pk}/")
    form = {"follow-progress": "30", "follow-text": "Va bien.", "follow-link": ""}

    assert page_of(it.them.luis).post(f"{url}seguimiento/", form).status_code == 403
    assert page_of(it.them.oscar).post(f"{url}seguimiento/", form).status_code == 404
    owner = page_of(it.them.pilar)
    assert owner.post(f"{url}seguimiento/", form).status_code == 302
    assert owner.post(f"{url}verificar/").status_code == 403
    assert owner.post(f"{url}seguimiento/", form | {"follow-progress": "140"}).status_code == 422
    assert ActionFollowUp.objects.get().progress == 30


def test_boards_cost_the_same_with_many_rows():
    it = sector()
    browser, url = page_of(it.them.ana), it.url("pes/2020/evaluacion/")

    def cost(rest: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url + rest).status_code == 200
        return len(queries)

    made = bottleneck(it)
    verbs.register_action(made, action_draft(it), by=it.them.ana)
    cost("acciones/")
    few = [cost("cuellos/"), cost("acciones/")]
    for n in range(6):
        more = bottleneck(it, title=f"Otro {n}")
        acted = verbs.register_action(more, action_draft(it), by=it.them.ana)
        verbs.follow_up(acted, progress=n, text="Va.", by=it.them.pilar)

    assert [cost("cuellos/"), cost("acciones/")] == few
