"""`make bench`: build a synthetic nation once and print each ratio beside its floor.

    python -m benchmarks [compliance] [lists] [pages] [documents] [pes_document] [workbook] [plans]
                         [quarter_close] [report_page] [fan_out] [submission] [deadline_day]

Everything runs on throw-away servers. A ratio that is missed is said loudly and does not change the exit status:
the figures depend on the machine, and only ratios of one run may be compared.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import render
from tests.services import Postgres, Valkey

NAMES = ["compliance", "lists", "pages", "documents", "pes_document", "workbook", "plans", "quarter_close"]
NAMES += ["report_page", "fan_out"]
NAMES += ["submission", "deadline_day"]  # on a server that keeps what it confirms, from here on
ALIASES = {"xlsx": "workbook", "pdf": "documents", "dashboard": "pages"}
STARTED = time.perf_counter()


def say(text: str) -> None:
    """Tell how far it is, with the seconds since the start."""
    print(f"[{time.perf_counter() - STARTED:5.0f} s] {text}", flush=True)


def main() -> int:
    """Start the servers, build the nation, run what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Razones de rendimiento del PES.")
    parser.add_argument("names", nargs="*", metavar="nombre", help=f"{', '.join(NAMES)} (por defecto, todos)")
    asked = [ALIASES.get(name, name) for name in parser.parse_args().names] or NAMES
    if unknown := set(asked) - set(NAMES):
        parser.error(f"no existe: {', '.join(sorted(unknown))}")
    with Postgres() as postgres, Valkey() as valkey, TemporaryDirectory(prefix="pes-bench-") as folder:
        _environment(postgres, valkey, Path(folder))
        _build()
        rows = []
        for name in [name for name in NAMES if name in asked]:
            say(f"{name}…")
            module = import_module(f"benchmarks.{name}")
            if getattr(module, "DURABLE", False):
                _make_durable(postgres)
            rows += module.run(say)
    say("listo")
    print(f"\n{_machine()}\n\n{render(rows)}")
    return 0


def _environment(postgres: Postgres, valkey: Valkey, folder: Path) -> None:
    """What the product reads, also in the processes started from here."""
    for name in ("PES_ENV", "DEBUG", "SECRET_KEY", "AUDIT_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "STATIC_ROOT"):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="benchmarks.settings",
        DATABASE_URL=postgres.url(),
        REDIS_URL=valkey.url(0),
        CACHE_URL=valkey.url(1),
        MEDIA_ROOT=str(folder / "media"),
        PES_VAR_DIR=str(folder / "var"),
        LOG_LEVEL="ERROR",
        WORKER_CONCURRENCY="2",
    )


def _build() -> None:
    django = import_module("django")
    django.setup()
    started = time.perf_counter()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    nation, crowd = import_module("benchmarks.nation"), import_module("benchmarks.crowd")
    size = nation.Size()
    nation.build_facts(size)
    grants = crowd.build_crowd(size)
    crowd.build_management_plans(size)
    nation.settle()
    say(f"nación lista en {time.perf_counter() - started:.1f} s; {grants} permisos de {size.people} personas")


def _make_durable(postgres: Postgres) -> None:
    """From here on a commit is on disk before it is answered, for what promises to survive a power cut."""
    if not postgres.durable:
        import_module("django.db").connections.close_all()
        postgres.durable = True
        postgres.restart()


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    version = ".".join(map(str, sys.version_info[:3]))
    load = os.getloadavg()[1]
    return f"{time.strftime('%Y-%m-%d')} · {os.cpu_count()} núcleos, {memory:.0f} GiB, CPython {version} · carga de 5 minutos {load:.1f}"


if __name__ == "__main__":
    sys.exit(main())
