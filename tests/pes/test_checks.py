"""Production refuses to start half-configured (AU12, AU13, AU14)."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings as live
from django.urls import NoReverseMatch, reverse

from pes import settings as written
from pes.checks import production_is_whole
from pes.hashers import Argon2
from tests.repository.tree import ROOT

SECRET = "s3cr3to-" * 10
WHOLE = {
    "PES_ENV": "production",
    "SECRET_KEY": SECRET,
    "AUDIT_KEY": SECRET[::-1],
    "ALLOWED_HOSTS": "pes.ejemplo.gov.co",
    "DATABASE_URL": "postgres://pes@127.0.0.1/pes",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "CACHE_URL": "redis://127.0.0.1:6380/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def ids(monkeypatch, **changes) -> list[str]:
    good = {
        "PRODUCTION": True,
        "SECRET_KEY": SECRET,
        "AUDIT_KEY": SECRET[::-1],
        "ALLOWED_HOSTS": ["pes.ejemplo.gov.co"],
        "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
        "REDIS_URL": "redis://a/0",
        "CACHE_URL": "redis://b/0",
        "EMAIL_URL": "smtp://c",
        "PES_DEMO": False,
        "PES_BASE_URL": "https://pes.ejemplo.gov.co",
    }
    monkeypatch.setattr("pes.checks.settings", SimpleNamespace(**(good | changes)))
    return [error.id for error in production_is_whole(None)]


@pytest.mark.rule("AU13")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"SECRET_KEY": "corta"}, ["pes.E001"]),
        ({"AUDIT_KEY": ""}, ["pes.E002"]),
        ({"AUDIT_KEY": SECRET}, ["pes.E003"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["pes.E004"]),
        ({"ALLOWED_HOSTS": []}, ["pes.E004"]),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, ["pes.E005"]),
        ({"REDIS_URL": ""}, ["pes.E006"]),
        ({"CACHE_URL": ""}, ["pes.E007"]),
        ({"CACHE_URL": "redis://a/0"}, ["pes.E008"]),
        ({"EMAIL_URL": ""}, ["pes.E009"]),
        ({"PES_DEMO": True}, ["pes.E010"]),
        ({"PES_BASE_URL": "http://pes.ejemplo.gov.co"}, ["pes.E011"]),
        ({"PES_BASE_URL": "https://.ejemplo.gov.co"}, ["pes.E011"]),
    ],
)
def test_each_thing_that_production_lacks_has_its_number(monkeypatch, changes, expected):
    assert ids(monkeypatch, **changes) == expected


def test_a_development_site_needs_none_of_it(monkeypatch):
    assert ids(monkeypatch, PRODUCTION=False, SECRET_KEY="", PES_DEMO=True) == []


def deploy_check(environment: dict[str, str]) -> subprocess.CompletedProcess:
    """`manage.py check --deploy` as an operator would run it, with warnings as failures."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.rule("AU13")
def test_a_whole_production_passes_the_deployment_check_without_warnings():
    answer = deploy_check(WHOLE)

    assert answer.returncode == 0, answer.stderr


@pytest.mark.rule("AU13")
def test_a_demonstration_in_production_does_not_start():
    answer = deploy_check(WHOLE | {"PES_DEMO": "1"})

    assert answer.returncode != 0
    assert "pes.E010" in answer.stderr


@pytest.mark.rule("AU12")
def test_there_is_no_second_door():
    with pytest.raises(NoReverseMatch):
        reverse("admin:login")
    assert "django.contrib.admin" not in live.INSTALLED_APPS


@pytest.mark.rule("AU14")
def test_sessions_live_in_the_database():
    assert written.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_passwords_cost_what_was_measured():
    assert (Argon2.time_cost, Argon2.memory_cost, Argon2.parallelism) == (2, 19_456, 1)
    assert written.PASSWORD_HASHERS[0] == "pes.hashers.Argon2"


def test_the_content_policy_has_nothing_unsafe():
    directives = written.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert directives["default-src"] == ["'none'"]
    assert not any("unsafe" in source for sources in directives.values() for source in sources)
