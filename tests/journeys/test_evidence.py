"""A promotora proves her goals: several files at once, each on its own, and a connection that comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made
from tests.journeys.plan_steps import PATIENCE
from tests.journeys.sites import Store

pytestmark = pytest.mark.journey
MAKE = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests import people
from tests.tracking import proofs
them = people.cast()
report = proofs.two_goals(them)
proofs.prove(report, them.luis, number=2)
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(them.pilar.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = them.pilar.get_session_auth_hash()
session.create()
print("session", session.session_key)
"""
BOX = "[data-pes-evidence]"
LIST = "[data-pes-evidence-list]"
QUEUE = "[data-pes-evidence-queue] > li"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address of a site with a report of two goals, and the session of who fills it in."""
    store = Store.empty(tmp_path_factory.mktemp("evidence"), is_demo=False)
    store.manage("migrate", "-v0")
    session = store.manage("shell", "-v0", "-c", MAKE).rpartition("session ")[2].strip()
    with store.served() as address:
        yield address, session
    store.drop()


@pytest.fixture
def pilar(world: tuple[str, str], visit_site: Callable[..., Visitor]) -> Visitor:
    """The promotora, logged in."""
    visitor = visit_site(world[0])
    visitor.context.add_cookies([{"name": "sessionid", "value": world[1], "url": world[0]}])
    return visitor


def picture(name: str, side: int) -> dict[str, object]:
    """A file for a box of files."""
    buffer = BytesIO()
    Image.new("RGB", (side, side)).save(buffer, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": buffer.getvalue()}


def choose(page: Page, *files: dict[str, object]) -> None:
    """Choose files in the box that takes them as they come."""
    page.locator("form.is-live input[type=file]").set_input_files(files)


def goal_page(visitor: Visitor, number: int) -> Page:
    """The evidence of a goal, its script at work."""
    page = visitor.goto(f"/planes/PLE-PIN/2022/trimestres/1/metas/{number}/evidencias/")
    expect(page.locator("form.is-live")).to_be_visible()
    return page


def test_each_file_goes_up_on_its_own_and_what_failed_is_tried_again(pilar: Visitor, axe: Axe) -> None:
    page = goal_page(pilar, 1)
    false = {"name": "falso.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    heavy = {"name": "pesado.pdf", "mimeType": "application/pdf", "buffer": bytes(20 * 1024**2 + 1)}

    choose(page, picture("uno.png", 8), false, heavy, picture("dos.png", 9))

    expect(page.locator(f"{LIST} .evidence-name")).to_have_text(["uno.png", "dos.png"], timeout=PATIENCE)
    expect(page.locator(QUEUE)).to_have_count(2)
    expect(page.locator(QUEUE).filter(has_text="falso.pdf")).to_contain_text("El archivo no es un PDF")
    expect(page.locator(QUEUE).filter(has_text="pesado.pdf")).to_contain_text("Pesa más de 20 MB")
    expect_well_made(page, axe, "evidence-queue")

    pilar.context.set_offline(True)
    choose(page, picture("tres.png", 10))
    waiting = page.locator(QUEUE).filter(has_text="tres.png")
    expect(waiting).to_contain_text("Se perdió la conexión")
    pilar.context.set_offline(False)
    assert [line for line in pilar.complaints if "ERR_INTERNET_DISCONNECTED" not in line] == []
    pilar.complaints.clear()
    waiting.get_by_role("button", name="Reintentar").click()
    expect(page.locator(f"{LIST} .evidence-name")).to_have_text(["uno.png", "dos.png", "tres.png"], timeout=PATIENCE)


def test_links_versions_and_withdrawals_answer_in_place(pilar: Visitor, axe: Axe) -> None:
    page = goal_page(pilar, 2)
    page.get_by_text("Aportar un enlace").click()
    page.get_by_label("Enlace", exact=True).fill("http://malo.invalid")
    page.get_by_role("button", name="Aportar enlace").click()
    expect(page.get_by_role("alert")).to_contain_text("https://", timeout=PATIENCE)
    page.get_by_label("Enlace", exact=True).fill("https://ejemplo.invalid/acta")
    page.get_by_role("button", name="Aportar enlace").click()
    link = page.locator(f"{LIST} li").filter(has_text="ejemplo.invalid")
    expect(link).to_contain_text("No custodiado", timeout=PATIENCE)

    link.get_by_text("Cambiar").click()
    link.get_by_role("button", name="Retirar").click()
    expect(link).to_have_count(0, timeout=PATIENCE)

    old = page.locator(f"{LIST} > ul > li").filter(has_text="foto.png")
    old.get_by_text("Cambiar").click()
    old.locator("input[type=file]").set_input_files([picture("mejor.png", 12)])
    old.get_by_role("button", name="Cargar otra versión").click()
    expect(page.locator(LIST)).to_contain_text("Versión 2", timeout=PATIENCE)
    page.get_by_text("Versión 2").click()
    expect(page.locator(LIST)).to_contain_text("Versiones anteriores")
    expect_well_made(page, axe, "evidence-versions")


def test_a_file_dropped_on_the_goal_goes_to_its_evidence(pilar: Visitor) -> None:
    page = pilar.goto("/planes/PLE-PIN/2022/trimestres/1/")
    expect(page.locator("#meta-1 form.is-live")).to_be_visible()
    dropped = page.evaluate_handle(
        """bytes => {
          const carried = new DataTransfer();
          carried.items.add(new File([new Uint8Array(bytes)], "arrastrado.png", {type: "image/png"}));
          return carried;
        }""",
        list(picture("", 14)["buffer"]),  # type: ignore[call-overload]
    )

    for event in ("dragover", "drop"):
        page.dispatch_event("#meta-1 h3", event, {"dataTransfer": dropped})

    expect(page.locator(f"#meta-1 {LIST}")).to_contain_text("arrastrado.png", timeout=PATIENCE)


def test_without_a_script_a_phone_sends_one_file_and_comes_back(
    world: tuple[str, str], visit_site: Callable[..., Visitor]
) -> None:
    plain = visit_site(world[0], PHONE, java_script_enabled=False)
    plain.context.add_cookies([{"name": "sessionid", "value": world[1], "url": world[0]}])
    page = plain.goto("/planes/PLE-PIN/2022/trimestres/1/metas/1/evidencias/")

    page.get_by_label("Agregar evidencia").set_input_files([picture("telefono.png", 16)])
    page.get_by_role("button", name="Subir archivo").click()

    expect(page.locator(".messages")).to_contain_text("«telefono.png» quedó en la meta 1.")
    expect(page.locator(BOX)).to_contain_text("telefono.png")
