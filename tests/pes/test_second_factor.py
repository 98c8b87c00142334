"""Who decides or administers works only with a second factor (AU5, AU8, AU9)."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pes.models import AuditEvent, Membership, User
from pes.permissions import ROLES
from tests import people
from tests.repository.test_default_deny import all_routes
from tests.repository.tree import APPS

pytestmark = pytest.mark.django_db
PASSWORD = "montaña de papel azul"


@pytest.fixture
def them():
    cast = people.cast()
    for user in (cast.jorge, cast.luis):
        user.set_password(PASSWORD)
        user.save()
    return cast


def log_in(client, user):
    return client.post("/cuenta/login/", {"login": user.email, "password": PASSWORD})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def activate(client) -> str:
    """Walk through the page of the application of codes; return its secret."""
    page = client.get("/cuenta/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/cuenta/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_roles_that_decide_or_administer_need_it():
    assert {d.number for d in ROLES.values() if d.needs_second_factor} == {"R1", "R2", "R15"}


@pytest.mark.rule("AU9")
@pytest.mark.parametrize("who", ["jorge", "ana", "alicia"])
def test_without_it_no_route_of_ours_answers(them, client, who):
    client.force_login(getattr(them, who))
    explained = reverse("pes:second-factor")
    ours = [(address, route) for address, route in all_routes() if route.callback.__module__.split(".")[0] in APPS]

    wrong = []
    for address, route in ours:
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if (method, route.callback.access_policy) != ("get", "public") and address != explained:
                wrong += (
                    []
                    if answer.status_code == 302 and answer.url == explained
                    else [(method, address, answer.status_code)]
                )

    assert wrong == []


@pytest.mark.rule("AU9")
def test_the_page_explains_and_leads_to_where_it_is_set_up(them, client):
    log_in(client, them.jorge)

    page = client.get("/", follow=True)

    assert "Hace falta un paso" in page.content.decode()
    assert reverse("mfa_activate_totp") in page.content.decode()
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.rule("AU9")
@pytest.mark.django_db(transaction=True)
def test_who_sets_it_up_works(them, client):
    log_in(client, them.jorge)

    activate(client)

    assert client.get("/").status_code == 200
    assert AuditEvent.objects.filter(verb="second_factor_added", actor=them.jorge).exists()


def test_who_does_not_need_it_works_without(them, client):
    log_in(client, them.luis)

    assert client.get("/").status_code == 200


def test_a_role_that_is_over_no_longer_needs_it(them, client):
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.get(user=them.jorge).end(on=yesterday, by=None, reason="Fin")
    client.force_login(them.jorge)

    assert client.get("/").status_code == 200


@pytest.mark.rule("AU9")
def test_a_superuser_needs_it_too(client):
    client.force_login(User.objects.create_superuser("raiz@ejemplo.invalid", full_name="Raíz"))

    assert client.get("/").url == reverse("pes:second-factor")


def test_the_demonstration_counts_as_one(them, client, settings):
    settings.PES_DEMO = True
    client.force_login(them.jorge)

    assert client.get("/").status_code == 200


def test_with_it_a_password_alone_does_not_come_in(them, client):
    log_in(client, them.jorge)
    activate(client)
    other = Client()

    answer = log_in(other, them.jorge)

    assert answer.url == reverse("mfa_authenticate")
    assert other.get("/").status_code == 302
    assert other.get(reverse("mfa_authenticate")).status_code == 200


@pytest.mark.rule("AU8")
def test_a_code_comes_in_once(them, client):
    log_in(client, them.jorge)
    secret = activate(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        code = code_of(secret)
        first, second = Client(), Client()
        log_in(first, them.jorge)
        log_in(second, them.jorge)

        assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
        assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
        assert first.get("/").status_code == 200


@pytest.mark.rule("AU8")
def test_wrong_codes_lock(them, client):
    log_in(client, them.jorge)
    secret = activate(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        other = Client()
        log_in(other, them.jorge)
        for _ in range(10):
            other.post(reverse("mfa_authenticate"), {"code": "000000"})

        locked = other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert locked.status_code != 302


@pytest.mark.rule("AU8")
def test_a_recovery_code_serves_once(them, client):
    log_in(client, them.jorge)
    activate(client)
    codes = Authenticator.objects.get(user=them.jorge, type="recovery_codes").wrap().get_unused_codes()
    first, second = Client(), Client()
    log_in(first, them.jorge)
    log_in(second, them.jorge)

    assert first.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200


@pytest.mark.rule("AU5")
@pytest.mark.django_db(transaction=True)
def test_a_changed_second_factor_ends_every_other_session(them, client):
    other = Client()
    log_in(other, them.jorge)
    assert other.get(reverse("pes:second-factor")).status_code == 200
    log_in(client, them.jorge)

    activate(client)

    assert client.get("/").status_code == 200
    assert other.get("/").url.startswith("/cuenta/login/")


PAGES = ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "usersessions_list", "account_change_password"]


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_account_are_ours_and_obey_the_policy(them, client, name):
    log_in(client, them.luis)

    page = client.get(reverse(name)).content.decode()

    assert 'class="site-head"' in page
    assert inline(page) == []


def test_the_pages_after_activation_are_ours_too(them, client):
    log_in(client, them.luis)
    activate(client)
    names = [
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_list_webauthn",
    ]

    pages = [client.get(reverse(name)) for name in names]

    assert [p.status_code for p in pages] == [200] * len(names)
    assert [inline(p.content.decode()) for p in pages] == [[]] * len(names)


def inline(page: str) -> list[str]:
    """Scripts that a strict policy would stop, inline styles and handlers; data blocks are not scripts."""
    scripts = [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "application/json" not in tag]
    return scripts + re.findall(r"<style[^>]*>|\sstyle=\"|\son\w+=\"", page)
