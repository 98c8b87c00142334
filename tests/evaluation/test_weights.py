"""Ponderación: the live page without JavaScript, its helpers, its preview, its acts and its refusals."""

from decimal import Decimal

import pytest

from evaluation.forms import box
from evaluation.models import ObjectiveWeight, WeightSet, WeightStatus
from evaluation.models.weights import fingerprint_of
from tests import people
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db
PAGE = "ponderacion/2022/1/"


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def ana(ours, client):
    client.force_login(ours.them.ana)
    return client


def typed(ours: Sector, first: str, second: str, **more: str) -> dict[str, str]:
    stored = WeightSet.objects.get(objective=ours.objective)
    return {box("1"): first, box("2"): second, "read": stored.fingerprint, **more}


def stored(ours: Sector) -> dict[str, Decimal]:
    return WeightSet.objects.get(objective=ours.objective).by_key()


def test_weights_are_typed_with_decimal_comma_and_saved(ours, ana):
    answer = ana.post(ours.url(PAGE + "guardar/"), typed(ours, "60,25", "39,75"))

    assert answer.status_code == 302
    assert stored(ours) == {"1": Decimal("60.25"), "2": Decimal("39.75")}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("60,00", "39,99", "faltan 0,01"),
        ("60,00", "40,01", "sobran 0,01"),
        ("33,333", "66,667", "más de dos decimales"),
        ("-5", "105", "debe ser mayor que 0"),
        ("NaN", "100", "no es un número"),
        ("1e400", "100", "no es un número"),
        ("1.234", "50", "se puede leer como 1234 o como 1,234"),
        ("", "100,00", "no tiene ponderación"),
    ],
)
def test_weights_that_do_not_add_up_are_refused_with_the_difference(ours, ana, first, second, said):
    """WF12."""
    answer = ana.post(ours.url(PAGE + "guardar/"), typed(ours, first, second))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert stored(ours) == {"1": Decimal("75.00"), "2": Decimal("25.00")}


def test_what_was_typed_comes_back_when_it_is_refused(ours, ana):
    answer = ana.post(ours.url(PAGE + "guardar/"), typed(ours, "60,00", "mucho"))

    assert 'value="60,00"' in answer.content.decode()
    assert 'value="mucho"' in answer.content.decode()


@pytest.mark.parametrize(
    ("helper", "expected"),
    [("proporcional", ["66,67", "33,33"]), ("iguales", ["50,00", "50,00"]), ("residuo", ["20,00", "80,00"])],
)
def test_the_helpers_fill_the_boxes_and_save_nothing(ours, ana, helper, expected):
    """W-04."""
    data = typed(ours, "20", "10", helper=helper, residual="2")

    page = ana.post(ours.url(PAGE + "vista-previa/"), data).content.decode()

    assert all(f'value="{value}"' in page for value in expected)
    assert stored(ours) == {"1": Decimal("75.00"), "2": Decimal("25.00")}


def test_the_preview_shows_the_objective_before_and_after(ours, ana):
    page = ana.post(ours.url(PAGE + "vista-previa/"), typed(ours, "50", "50")).content.decode().replace("\xa0", " ")

    assert "Efecto en el objetivo" in page
    assert "42,50 %" in page
    assert "35,00 %" in page


def test_a_helper_that_cannot_help_says_why(ours, ana):
    answer = ana.post(ours.url(PAGE + "vista-previa/"), typed(ours, "100", "", helper="residuo", residual="2"))

    assert answer.status_code == 422
    assert "no dejan nada" in answer.content.decode()


def test_a_stale_edit_overwrites_nothing(ours, ana):
    """WF3."""
    data = typed(ours, "60", "40")
    WeightSet.objects.get().change({"1": Decimal("10.00"), "2": Decimal("90.00")}, by=ours.them.ana)

    answer = ana.post(ours.url(PAGE + "guardar/"), data)

    assert answer.status_code == 409
    assert "nada se ha sobrescrito" in answer.content.decode()
    assert stored(ours) == {"1": Decimal("10.00"), "2": Decimal("90.00")}
    assert fingerprint_of(stored(ours)) in answer.content.decode()


def test_weights_are_locked_with_an_act_and_reopened_with_another(ours, client):
    """W-07."""
    client.force_login(ours.them.jorge)

    client.post(ours.url(PAGE + "bloquear/"), {"act": "Acta 3", "act_on": "2022-04-20"})
    assert WeightSet.objects.get().status == WeightStatus.LOCKED
    client.post(ours.url(PAGE + "reabrir/"), {"act": "Acta 4", "reason": "Cambio de metas"})

    assert WeightSet.objects.get().status == WeightStatus.OPEN


@pytest.mark.parametrize(("path", "data"), [("bloquear/", {"act": ""}), ("reabrir/", {"act": "Acta 4"})])
def test_an_act_without_its_words_is_refused(ours, client, path, data):
    client.force_login(ours.them.jorge)

    answer = client.post(ours.url(PAGE + path), data)

    assert answer.status_code == 422
    assert WeightSet.objects.get().status == WeightStatus.OPEN


def test_locked_weights_are_not_edited_and_the_button_says_why(ours, ana):
    WeightSet.objects.get().lock(act="Acta 3", act_on=None, by=ours.them.jorge)

    assert "bloqueadas por un acto; reábralas primero" in ana.get(ours.url(PAGE)).content.decode()
    assert ana.post(ours.url(PAGE + "guardar/"), typed(ours, "60", "40")).status_code == 422


@pytest.mark.parametrize("name", ["diana", "elena", "olga", "luis"])
@pytest.mark.parametrize("path", ["guardar/", "vista-previa/", "bloquear/", "reabrir/"])
def test_who_may_not_weigh_is_refused(ours, client, name, path):
    client.force_login(getattr(ours.them, name))

    assert client.get(ours.url(PAGE)).status_code == 200
    assert client.post(ours.url(PAGE + path), typed(ours, "60", "40")).status_code == 403


def test_the_weights_of_another_sector_are_404(ours, client):
    """AZ2."""
    client.force_login(people.person("Otra Analista", people.Role.ANALISTA_OAP, ours.them.other_sector))

    assert client.get(ours.url(PAGE)).status_code == 404
    assert client.post(ours.url(PAGE + "guardar/"), typed(ours, "60", "40")).status_code == 404


@pytest.mark.parametrize("path", ["guardar/", "vista-previa/", "bloquear/", "reabrir/"])
def test_a_get_changes_nothing(ours, ana, path):
    assert ana.get(ours.url(PAGE + path)).status_code == 405


@pytest.mark.parametrize("page", ["ponderacion/2022/9/", "ponderacion/1999/1/"])
def test_an_unknown_objective_or_vigencia_is_404(ours, ana, page):
    assert ana.get(ours.url(page)).status_code == 404


def test_weights_between_objectives_are_optional_and_sum_100(ours, ana):
    """PES-10, W-02."""
    url = ours.url("ponderacion/2022/guardar/")

    none, both = fingerprint_of({}), fingerprint_of({"1": Decimal(60), "2": Decimal(40)})

    assert ana.post(url, {box("1"): "60", box("2"): "39", "read": none}).status_code == 422
    assert ana.post(url, {box("1"): "60", box("2"): "40", "read": none}).status_code == 302
    assert list(ObjectiveWeight.objects.order_by("objective").values_list("weight", flat=True)) == [60, 40]
    ana.post(url, {"read": both})

    assert not ObjectiveWeight.objects.exists()


def test_a_stale_edit_of_the_weights_between_objectives_overwrites_nothing(ours, ana):
    """WF3: what was read is compared with what is in force; a form without it is stale too."""
    url, read = ours.url("ponderacion/2022/guardar/"), fingerprint_of({})
    assert ana.post(url, {box("1"): "100,00", "read": read}).status_code == 302

    for data in ({box("1"): "", "read": read}, {}):
        answer = ana.post(url, data)
        assert (answer.status_code, "nada se ha sobrescrito" in answer.content.decode()) == (422, True)
    assert ObjectiveWeight.objects.get().weight == 100


def test_the_menu_leads_to_the_objective_with_a_programme(ours, ana):
    assert ana.get(ours.url("ponderacion/")).url == ours.url(PAGE)
