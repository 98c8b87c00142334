"""What holds for every test: cheap passwords, an empty cache, triggers lifted around the flush, a fixed dice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
import pytest_django
from django.core.cache import cache
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase

from pes import triggers
from tests.services import Valkey

# The same examples on every machine: a failure here is a failure there, and no deadline on a shared core.
hypothesis.settings.register_profile("pes", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("pes")

_DATABASE = {"db", "transactional_db", "live_server", "database_url"}
_flush = TransactionTestCase._fixture_teardown


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches no database: one engine is enough to prove it."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") is None and names.isdisjoint(_DATABASE):
            item.add_marker(pytest.mark.one_engine)


def _flush_without_triggers(case: TransactionTestCase) -> None:
    """Flush what a transactional test wrote: the triggers that refuse it in production are lifted meanwhile."""
    touched = [connections[alias] for alias in case._databases_names(include_mirrors=False)]
    for connection in touched:
        triggers.lift(connection)
    try:
        _flush(case)
    finally:
        for connection in touched:
            triggers.install(connection)


TransactionTestCase._fixture_teardown = _flush_without_triggers


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    """Give SQLite a file, so that threads contend for the same locks as in production; then one per worker."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """Tables made straight from the models, in a tenth of the time of migrating: with the triggers that migrations add.

    Every migration counts as applied, as a process that is started on this database expects.
    """
    with django_db_blocker.unblock():
        connection = connections["default"]
        triggers.install(connection)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in MigrationLoader(connection).disk_migrations:
            recorder.record_applied(app, name)


@pytest.fixture(autouse=True)
def cheap_environment(settings: Any) -> Iterator[None]:
    """Hash passwords at no cost and keep the cache in memory, empty at the start of each test.

    What production uses is read from the module `pes.settings`, where tests about it find it.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EVIDENCE_MAX_DISK_PERCENT = 101  # however full the machine is that runs the tests
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """Address of this test's own database, for a process beside it: a worker, a command, a second site."""
    name = connections["default"].settings_dict["NAME"]
    if connections["default"].vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """Address of a Valkey for tests that need a real one: that of TEST_REDIS_URL, else a throw-away server."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with Valkey() as server:
        yield server.url()


@pytest.fixture
def media_root(settings: Any, tmp_path: Path) -> Path:
    """A media folder that holds only what this test stores."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
