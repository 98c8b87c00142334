"""The pages of the DOFA and of the survey: who opens them, what they show, and hostile words everywhere (LC-04, LC-05)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from html import unescape

import pikepdf
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from pes.middleware import LAST_SEEN
from pes.models import DofaBoard, DofaGroup, Job, PaperBatch, Survey, SurveyStatus, SurveyText
from pes.participation.answering import answer
from pes.participation.boards import BoardFacts, move_board, open_board
from pes.participation.dofa_files import html_of_sheet, sheet_of
from pes.participation.notes import add_group, add_note, move_notes
from pes.participation.surveys import close_survey, moderate, publish_survey
from tests import make
from tests.answers import page_of
from tests.people import Cast, cast
from tests.pes.survey_makers import survey

pytestmark = pytest.mark.django_db
PLAN = "/sectores/gestion-publica/pes/2020/"
TAGS = ("<script>alert", "<img src=x", "<svg/onload")
CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "{{ 7|add:7 }}{% csrf_token %}",
    "=1+1",
    "</textarea></li><script>alert(2)</script>",
)


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel("2022-03-10T15:00:00Z", tick=False) as moving:
        yield moving


@pytest.fixture
def them() -> Cast:
    return cast()


@pytest.fixture
def board(them: Cast) -> DofaBoard:
    return open_board(make.plan(sector=them.sector), BoardFacts("DOFA", date(2022, 3, 10)), by=them.ana)


@pytest.fixture
def asking(board: DofaBoard, them: Cast) -> Survey:
    return survey(board.plan, them.ana)


def at(board: DofaBoard, rest: str = "") -> str:
    return f"{PLAN}dofa/{board.pk}/{rest}"


@pytest.mark.rule("LC-04")
def test_two_browsers_at_once_see_each_others_notes(board, them: Cast) -> None:
    luis, elena = page_of(them.luis), page_of(them.elena)
    seen = luis.get(at(board)).context["poll"]["seen"]
    asked = {"visto": seen, "fase": "collecting"}
    assert luis.get(at(board, "cambios/"), asked).status_code == 204

    sent = elena.post(at(board, "notas/nueva/"), {"quadrant": "amenaza", "text": "Menos presupuesto"})
    assert sent.url == f"{at(board)}?foco=amenaza"
    news = luis.get(at(board, "cambios/"), asked).content.decode()
    assert "Menos presupuesto" in news
    assert news.count('hx-swap-oob="true"') == 5
    assert "<textarea" not in news

    move_board(board, "group", by=them.ana)
    moved = luis.get(at(board, "cambios/"), asked).content.decode()
    assert "Agrupando" in moved
    assert "hx-get" not in moved


@pytest.mark.rule("LC-04")
def test_a_page_that_only_asks_what_is_new_does_not_keep_a_session(board, them: Cast, march) -> None:
    luis = page_of(them.luis)
    luis.get(at(board))
    before = luis.session[LAST_SEEN]

    march.shift(timedelta(minutes=10))
    luis.get(at(board, "cambios/"), headers={"X-PES-Poll": "1"})
    assert luis.session[LAST_SEEN] == before
    luis.get(at(board))
    assert luis.session[LAST_SEEN] > before


@pytest.mark.rule("LC-04")
def test_a_workshop_goes_from_its_first_note_to_its_matrix_through_the_pages(board, them: Cast, media_root) -> None:
    ana, luis = page_of(them.ana), page_of(them.luis)
    for quadrant in ("fortaleza", "oportunidad", "debilidad", "amenaza"):
        luis.post(at(board, "notas/nueva/"), {"quadrant": quadrant, "text": f"Nota de {quadrant}"})
    first = board.notes.first()
    luis.post(at(board, f"notas/{first.pk}/corregir/"), {"text": "Equipo formado"})
    ana.post(at(board, "agrupar/"))
    ana.post(at(board, "grupos/nuevo/"), {"quadrant": "fortaleza", "name": "Talento"})
    group = DofaGroup.objects.get()
    better = at(board, f"grupos/{group.pk}/nombrar/")
    for name in ("Talento", "Talento humano"):
        assert ana.post(better, {"name": name}).url.endswith("#cuadrante-fortaleza")
    moving = {"quadrant": "fortaleza", "notes": [first.pk], "group": group.pk}
    ana.post(at(board, "notas/mover/"), moving)
    ana.post(at(board, "votacion/"))
    luis.post(at(board, "votar/"), {"group": group.pk})
    assert "Usted le dio 1 voto" in luis.get(at(board)).content.decode()
    assert "1 voto de 1 persona" not in ana.get(at(board)).content.decode()
    ana.post(at(board, "cerrar/"))
    make.run_jobs()

    page = luis.get(at(board)).content.decode()
    assert "1 voto de 1 persona" in page
    assert Job.objects.get(kind="dofa.picture").state == "done"
    book = load_workbook(io.BytesIO(luis.get(at(board, "matriz.xlsx")).content))
    assert [cell.value for cell in book["Matriz"][2]] == ["Fortalezas", "Talento humano", 1, 1]
    assert [cell.value for cell in book["Notas"][2]] == ["Fortalezas", "Talento humano", "Equipo formado", "SG"]
    pdf = b"".join(luis.get(at(board, "matriz.pdf")).streaming_content)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Metadata.read_bytes().count(b"pdfuaid:part") >= 1


@pytest.mark.rule("LC-04")
def test_a_note_that_comes_late_is_given_back_in_words(board, them: Cast) -> None:
    move_board(board, "group", by=them.ana)

    page = page_of(them.luis).post(at(board, "notas/nueva/"), {"quadrant": "amenaza", "text": "Tarde"}, follow=True)
    assert "«Tarde»" in page.content.decode()
    too_long = page_of(them.ana).post(at(board, "grupos/nuevo/"), {"quadrant": "amenaza", "name": ""})
    assert too_long.status_code == 422


@pytest.mark.rule("LC-04", "LC-05")
def test_hostile_words_are_words_in_pages_workbooks_and_documents(board, asking, them: Cast) -> None:
    luis, ana = page_of(them.luis), page_of(them.ana)
    here = f"{PLAN}encuestas/{asking.pk}/"
    for number, text in enumerate(CORPUS):
        luis.post(at(board, "notas/nueva/"), {"quadrant": "fortaleza", "text": text})
        add_note(board, quadrant="amenaza", text=text, by=them.luis)
        answer(asking, browser=str(number), ticket=str(number), chosen=[3], text=text)
    inside = read(ana, here)
    for words in SurveyText.objects.all():
        moderate(words, shown=True, by=them.ana)
    publish_survey(close_survey(asking, by=them.ana), by=them.ana)
    collecting = read(luis, at(board)), read(luis, at(board, "cambios/?fase=collecting"))
    move_board(board, "group", by=them.ana)
    for note in board.notes.filter(quadrant="fortaleza"):
        group = add_group(board, quadrant="fortaleza", name=note.text, by=them.ana)
        move_notes(board, notes=[note.pk], group=group, quadrant="fortaleza", by=them.ana)
    paper = html_of_sheet(sheet_of(board))

    for page in (*collecting, inside, paper, read(ana, at(board)), read(Client(), asking.public_url)):
        assert all(text in unescape(page) for text in CORPUS)
        assert not any(tag in page for tag in TAGS)
    for url, sheet in ((at(board, "matriz.xlsx"), "Notas"), (f"{here}resultados.xlsx", "Respuestas abiertas")):
        rows = load_workbook(io.BytesIO(ana.get(url).content))[sheet].iter_rows()
        found = {cell.value: cell.data_type for row in rows for cell in row}
        assert [found.get(text) for text in CORPUS] == ["s"] * len(CORPUS)


def read(browser: Client, url: str) -> str:
    """A page as it comes."""
    return browser.get(url).content.decode()


@pytest.mark.rule("LC-05")
def test_a_survey_goes_from_its_draft_to_its_results_through_the_pages(board, them: Cast) -> None:
    ana = page_of(them.ana)
    said = {
        "title": "Temas", "introduction": "", "question": "¿Cuáles?", "options": "Parques\nVías", "other": "Otro, ¿cuál?",
        "kind": "multiple", "opens_on": "2022-03-10", "closes_on": "2022-03-20",
    }  # fmt: skip
    assert ana.post(f"{PLAN}encuestas/nueva/", said | {"options": "Parques", "other": ""}).status_code == 422
    ana.post(f"{PLAN}encuestas/nueva/", said)
    made = Survey.objects.get()
    here = f"{PLAN}encuestas/{made.pk}/"
    ana.post(f"{here}abrir/")
    answer(made, browser="uno", ticket="uno", chosen=[1, 3], text="Ciclorrutas")
    counted = {"place": "Plaza", "held_on": "2022-03-10", "act_number": "A-1", "sheets": "10", "option_1": "7"}
    counted |= {"option_3": "1", "written": "Plazas de mercado\r\n"}
    ana.post(f"{here}papel/nuevo/", counted)
    batch = PaperBatch.objects.get()
    fixing = ana.get(f"{here}papel/{batch.pk}/corregir/")
    read = fixing.context["form"]["read"].value()
    fixed = counted | {"sheets": "12", "reason": "Faltaban dos", "read": read}
    assert ana.post(f"{here}papel/{batch.pk}/corregir/", fixed).status_code == 302
    ana.post(f"{here}cerrar/")
    assert "Faltan 2 respuestas abiertas por moderar" in ana.get(here).content.decode()
    assert "Moderar 2 respuestas abiertas" in ana.get("/").content.decode()
    online, on_paper = SurveyText.objects.of(made)
    ana.post(f"{here}abiertas/{online.pk}/ocultar/", {"reason": "Datos personales"})
    ana.post(f"{here}abiertas/{on_paper.pk}/mostrar/")
    ana.post(f"{here}publicar/")

    made.refresh_from_db()
    assert made.status == SurveyStatus.PUBLISHED
    page = Client().get(made.public_url).content.decode()
    assert "58,33" in page
    assert "Ciclorrutas" not in page
    assert "Plazas de mercado" in page


@pytest.mark.rule("LC-05")
def test_a_survey_closed_early_says_its_real_end_inside(asking, them: Cast) -> None:
    ana, here = page_of(them.ana), f"{PLAN}encuestas/{asking.pk}/"
    assert "al 31 de marzo de 2022" in read(ana, here)

    ana.post(f"{here}cerrar/")

    page = read(ana, here)
    assert "Del 1 de marzo de 2022 al 10 de marzo de 2022" in page
    assert "Cerró antes del día anunciado, que era el 31 de marzo de 2022" in page
    assert "al 31 de marzo" not in page + read(ana, f"{PLAN}encuestas/")


@pytest.mark.rule("LC-05")
def test_a_correction_of_a_survey_that_somebody_else_changed_shows_both(asking, them: Cast) -> None:
    ana = page_of(them.ana)
    here = f"{PLAN}encuestas/{asking.pk}/corregir/"
    form = ana.get(here).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed |= {"opens_on": "2022-03-01", "closes_on": "2022-04-10"}
    assert page_of(them.jorge).post(here, typed | {"closes_on": "2022-04-20"}).status_code == 302

    assert ana.post(here, typed).status_code == 409


@pytest.mark.rule("LC-04", "LC-05")
def test_who_opens_each_page(board, asking, them: Cast) -> None:
    everybody, office = (200, 200, 200), (403, 200, 403)
    pages = {
        "dofa/": everybody,
        "dofa/nuevo/": office,
        f"dofa/{board.pk}/": everybody,
        f"dofa/{board.pk}/cambios/": everybody,
        f"dofa/{board.pk}/matriz.xlsx": everybody,
        f"dofa/{board.pk}/matriz.pdf": (404, 404, 404),
        f"dofa/{board.pk}/corregir/": office,
        "encuestas/": everybody,
        "encuestas/nueva/": office,
        f"encuestas/{asking.pk}/": everybody,
        f"encuestas/{asking.pk}/corregir/": office,
        f"encuestas/{asking.pk}/reabrir/": office,
        f"encuestas/{asking.pk}/papel/nuevo/": office,
        f"encuestas/{asking.pk}/resultados.xlsx": everybody,
    }
    people = [page_of(who) for who in (them.olga, them.ana, them.luis)]
    stranger, nobody = page_of(them.oscar), Client()

    for rest, expected in pages.items():
        assert (rest, *(browser.get(PLAN + rest).status_code for browser in people)) == (rest, *expected)
        assert stranger.get(PLAN + rest).status_code in (403, 404)
        assert nobody.get(PLAN + rest).status_code == 302


@pytest.mark.rule("LC-04", "LC-05")
def test_only_who_may_acts_on_a_board_and_a_survey(board, asking, them: Cast) -> None:
    acts = [at(board, step) for step in ("agrupar/", "cerrar/", "notas/mover/", "grupos/nuevo/")]
    acts += [f"{PLAN}encuestas/{asking.pk}/{step}/" for step in ("cerrar", "publicar")]

    luis = page_of(them.luis)
    assert [luis.post(url).status_code for url in acts] == [403] * len(acts)
    assert page_of(them.olga).post(at(board, "notas/nueva/"), {"quadrant": "amenaza", "text": "x"}).status_code == 403
    assert page_of(them.oscar).post(at(board, "notas/nueva/")).status_code == 404
    assert not board.notes.exists()


@pytest.mark.rule("LC-04", "LC-05")
def test_the_pages_ask_the_same_number_of_questions_whatever_they_hold(
    board, asking, them: Cast, django_assert_max_num_queries
) -> None:
    ana = page_of(them.ana)

    def cost(url: str) -> int:
        with django_assert_max_num_queries(60) as asked:
            assert ana.get(url).status_code == 200
        return len(asked)

    pages = (at(board), f"{PLAN}dofa/", f"{PLAN}encuestas/", f"{PLAN}encuestas/{asking.pk}/", "/publico/encuestas/")
    fill(board, asking, them, 2)
    read(ana, "/")
    before = [cost(url) for url in pages]
    fill(board, asking, them, 12)
    survey(board.plan, them.ana, title="Otra")
    open_board(board.plan, BoardFacts("Otro", timezone.localdate()), by=them.ana)
    assert [cost(url) for url in pages] == before


def fill(board: DofaBoard, asking: Survey, them: Cast, many: int) -> None:
    """Notes on the board, answers with words in the survey."""
    for number in range(many):
        add_note(board, quadrant="fortaleza", text=f"Nota {many} {number}", by=them.luis)
        answer(asking, browser=f"{many}-{number}", ticket=f"{many}-{number}", chosen=[3], text=f"Tema {number}")


@pytest.mark.rule("LC-04", "LC-05")
def test_the_inbox_says_what_waits(board, asking, them: Cast) -> None:
    answer(asking, browser="uno", ticket="uno", chosen=[3], text="Parques")

    luis = page_of(them.luis)
    assert "Moderar 1 respuesta abierta" in read(page_of(them.ana), "/")
    assert "Escribir en el taller DOFA" in read(luis, "/")
    add_note(board, quadrant="amenaza", text="Idea", by=them.luis)
    assert "Escribir en el taller DOFA" not in read(luis, "/")
