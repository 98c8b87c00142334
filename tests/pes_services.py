"""Pytest plugin: the environment of the test run, fixed before Django reads its settings.

`PES_TEST_DB` chooses the engine: `postgres` (default; a throw-away server started once by the controller, or the
one named by TEST_DATABASE_URL) or `sqlite`. Workers of pytest-xdist inherit the environment, and pytest-django
gives each of them a test database of its own. What a developer's shell says about PES is not read.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.services import Postgres

# Set to one value for every run, or removed: a test must not depend on the shell it was started from.
FIXED = {
    "PES_ENV": "development",
    "LOG_LEVEL": "WARNING",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps a loop in the test's thread; the site has no async code
}
REMOVED = [
    "ALLOWED_HOSTS",
    "AUDIT_KEY",
    "CACHE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "JOB_LEASE_SECONDS",
    "JOB_SWEEP_SECONDS",
    "JOB_TIME_LIMIT_SECONDS",
    "JOB_VISIBILITY_SECONDS",
    "PES_BASE_URL",
    "PES_DEMO",
    "PES_HOST",
    "PES_INSTITUTION",
    "REDIS_URL",
    "SECRET_KEY",
    "STATIC_ROOT",
    "WORKER_CONCURRENCY",
]
_is_worker = "PYTEST_XDIST_WORKER" in os.environ
_header = "database: of the controller"


def _prepare() -> str:
    for name in REMOVED:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(FIXED)
    files = Path(tempfile.mkdtemp(prefix="pes-test-"))
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(files, ignore_errors=True) if os.getpid() == owner else None)
    os.environ["MEDIA_ROOT"] = str(files / "media")
    os.environ["PES_VAR_DIR"] = str(files / "var")
    return _choose_database(files)


def _choose_database(files: Path) -> str:
    engine = os.environ.setdefault("PES_TEST_DB", "postgres")
    os.environ.pop("DATABASE_URL_FILE", None)
    if engine == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{files / 'pes.sqlite3'}"
        return "database: SQLite"
    if engine != "postgres":
        raise SystemExit(f"PES_TEST_DB is {engine!r}; it may be postgres or sqlite.")
    if os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
        return "database: the PostgreSQL of TEST_DATABASE_URL"
    started = time.perf_counter()
    server = Postgres().start()
    os.environ["DATABASE_URL"] = server.url()
    return f"database: PostgreSQL, started in {time.perf_counter() - started:.2f} s"


if not _is_worker:
    _header = _prepare()


def pytest_report_header() -> str:
    """Say which engine the figures of this run were proved on."""
    return _header
