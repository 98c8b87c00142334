"""The administrator: opens an empty installation, invites, and closes accounts, all without a shell after the first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tests.journeys.sites import Store

pytestmark = pytest.mark.journey
PASSWORD = "montaña de papel azul"
MAIL_LINK = re.compile(r"http\S+/administracion/invitacion/\S+")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    """An installation with tables and nothing else, not a demonstration, and its address."""
    store = Store.empty(tmp_path_factory.mktemp("installation"), is_demo=False)
    store.manage("migrate", "--verbosity=0")
    with store.served() as address:
        yield store, address
    store.drop()


def test_from_an_empty_installation_to_a_colleague_at_work(visit_site, installation):
    store, address = installation
    said = store.manage(
        "first_admin", "admin@ejemplo.invalid", "--name=Alicia Primera", f"--base-url={address}", "--format=json"
    )
    admin = visit_site(address)
    page = admin.goto(json.loads(said)["url"].removeprefix(address))
    choose_password(page)
    log_in(page, "admin@ejemplo.invalid")
    expect(page.get_by_role("heading", level=1)).to_have_text("Active su segundo factor")
    admin.goto("/administracion/personas/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Active su segundo factor")
    page.get_by_role("link", name="Usar una aplicación").click()
    secret = page.locator("main code").inner_text()
    page.get_by_label("Código").fill(code_of(secret))
    page.get_by_role("button", name="Activar").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Activar la aplicación de códigos")

    admin.goto("/administracion/personas/invitar/")
    page.get_by_label("Nombre completo").fill("Lucía Invitada")
    page.get_by_label("Correo").fill("lucia@ejemplo.invalid")
    page.get_by_label("Rol").select_option(label="Control interno (OCI)")
    page.get_by_label("Unidad").select_option(index=1)
    page.get_by_role("button", name="Enviar invitación").click()
    expect(page.locator("#mensajes")).to_contain_text("lucia@ejemplo.invalid")

    colleague = visit_site(address)
    link = MAIL_LINK.findall(store.log)[-1]
    choose_password(colleague.goto(link.removeprefix(address)))
    log_in(colleague.page, "lucia@ejemplo.invalid")
    expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Mi trabajo")
    again = visit_site(address).goto(link.removeprefix(address))
    expect(again.get_by_role("main")).to_contain_text("ya no sirve")


def test_who_is_deactivated_is_out_at_once(visit):
    admin, person = visit(), visit()
    theirs = person.enter_as("Promotor")
    page = admin.enter_as("Administrador")
    page.get_by_role("link", name="Administración").first.click()
    page.get_by_role("link", name="Personas").first.click()
    page.get_by_role("link", name="Emilia Supuesta").click()
    page.locator("form[action$='/desactivar/']").get_by_label("Motivo").fill("Terminó su contrato.")
    page.get_by_role("button", name="Desactivar la cuenta").click()
    expect(page.get_by_role("main")).to_contain_text("Desactivada")

    person.goto("/")

    expect(theirs.get_by_role("heading", level=1)).to_have_text("Ingresar")
    expect(theirs.get_by_role("button", name="Emilia Supuesta")).to_have_count(0)


def choose_password(page: Page) -> None:
    """Accept an invitation."""
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main form button[type=submit]").click()


def log_in(page: Page, email: str) -> None:
    """Enter with e-mail and password, where accepting the invitation did not."""
    if page.get_by_label("Correo").count():
        page.get_by_label("Correo").fill(email)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Ingresar").click()


def code_of(secret: str) -> str:
    """The six digits that an application of codes shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
