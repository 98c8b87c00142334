"""Fifty rounds of faults on durable servers: what was answered is done, and done once (JB1 to JB5)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from tests.faults.crew import Crew, Person
from tests.faults.ledger import TABLES, TRIGGERS, WRONGS, Ledger
from tests.faults.storm import FAULTS, PLAIN, PRODUCT, Side, Storm
from tests.services import Postgres, Valkey

pytestmark = [pytest.mark.faults, pytest.mark.exhaustive]

ROUNDS, PLAIN_ROUNDS = 50, 2 * len(FAULTS)
SECONDS = {"JOB_LEASE_SECONDS": "3", "JOB_SWEEP_SECONDS": "1", "JOB_VISIBILITY_SECONDS": "10"}
STILL_SECONDS = 4.0  # nothing has happened for so long: nothing will
UNDONE = "SELECT count(*) FROM pes_job WHERE state IN ('queued', 'running')"
INTERRUPTED = "SELECT count(*) FROM pes_job WHERE attempts > 1"
SENT = "SELECT id FROM tracking_quarterreport WHERE submitted_at IS NOT NULL AND validated_at IS NULL"


@contextmanager
def site(side: Side, folder: Path) -> Iterator[Storm]:
    """Servers that keep what was committed, the workers, and a client that asks."""
    with ExitStack() as stack:
        postgres, valkey = stack.enter_context(Postgres()), stack.enter_context(Valkey())
        ledger = Ledger(postgres.url())
        stack.callback(ledger.close)
        environment = os.environ | SECONDS | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": postgres.url(),
            "REDIS_URL": valkey.url(),
            "MEDIA_ROOT": str(folder / "media"),
        }  # fmt: skip
        ledger.run(TABLES)
        person = stack.enter_context(Person(side.name, environment, folder))
        material = _material(ledger, environment) if side is PRODUCT else []
        postgres.durable = True  # from here on: filling an empty schema needs no fsync
        postgres.restart()
        crew = stack.enter_context(Crew(side.app, side.queue, environment, folder))
        yield Storm(side, postgres, valkey, crew, person, ledger, material)


def _material(ledger: Ledger, environment: dict[str, str]) -> list[list[list[object]]]:
    """The schema, the watching triggers, and what there is to send in each round."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.process", "world"],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    ledger.run(TRIGGERS)
    material: list[list[list[object]]] = json.loads(done.stdout)
    return material


def _come_to_rest(storm: Storm) -> None:
    """Wait until Celery's workers have done nothing for some seconds."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < STILL_SECONDS:
        storm.crew.start(*storm.side.crew)
        if (found := storm.ledger.count(storm.side.begun)) != seen:
            seen, since = found, time.monotonic()
        time.sleep(0.1)


@pytest.mark.rule("JB1", "JB2", "JB3", "JB4", "JB5", "LD2")
def test_fifty_rounds_of_faults_lose_nothing_and_double_nothing(tmp_path):
    with site(PRODUCT, tmp_path) as storm:
        storm.rage(ROUNDS)
        storm.wait_for_answers()
        storm.wait(lambda: not storm.ledger.count(UNDONE), "jobs are left undone")

        assert _answered(storm, "effect") == storm.ledger.rows("SELECT number FROM fault_request")
        assert _answered(storm, "submit") == storm.ledger.rows(SENT)
        assert _answered(storm, "close") == storm.ledger.rows("SELECT entity_id, quarter FROM evaluation_quarterclose")
        assert storm.ledger.wrongs() == {}
        assert set(storm.faults) == set(FAULTS)
        assert storm.ledger.count(INTERRUPTED) > 0


def test_celery_by_itself_loses_some(tmp_path):
    """The same rounds against delay(), Celery's defaults and no row of the job: or the test above proves nothing."""
    with site(PLAIN, tmp_path) as storm:
        storm.rage(PLAIN_ROUNDS)
        storm.wait_for_answers()
        _come_to_rest(storm)

        with redis.Redis.from_url(storm.valkey.url()) as broker:
            parked = broker.llen(PLAIN.queue) + broker.hlen("unacked")  # for an hour, until Celery looks at them again
        undone = storm.ledger.ask(WRONGS["requests without effect"])
        assert _answered(storm, "effect") == storm.ledger.rows("SELECT number FROM fault_request")
        assert len(undone) - parked > 0


def _answered(storm: Storm, verb: str) -> set[tuple[int, ...]]:
    """The ids of what the client asked with a verb and got an answer for."""
    answers = [json.loads(line) for line in storm.person.answers()]
    return {tuple(part for part in said if isinstance(part, int)) for name, *said in answers if name == verb}
