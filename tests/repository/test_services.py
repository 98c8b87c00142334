"""The throw-away servers are what the fault tests take them for: killed means killed, durable means kept."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pes.models import Vigencia
from tests.repository.tree import ROOT
from tests.services import Postgres, Valkey

pytestmark = pytest.mark.faults


def _rows(server: Postgres, statement: str) -> list[tuple[int]]:
    with psycopg.connect(server.url().replace("postgres://", "postgresql://"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_durable_postgres_keeps_what_was_committed(mode: str) -> None:
    with Postgres(durable=True) as server:
        _rows(server, "CREATE TABLE kept (number int)")
        _rows(server, "INSERT INTO kept VALUES (1)")

        server.kill()
        server.start()
        server.restart(mode=mode)

        assert _rows(server, "SELECT number FROM kept") == [(1,)]


def test_a_killed_postgres_answers_nobody_and_leaves_nothing() -> None:
    with Postgres() as server:
        server.kill()

        with pytest.raises(psycopg.OperationalError):
            _rows(server, "SELECT 1")
    assert not server.dir.exists()


def test_a_durable_valkey_keeps_what_was_written_and_asks_for_the_password() -> None:
    with Valkey(durable=True, password="secret") as server:
        with redis.Redis.from_url(server.url()) as client:
            client.set("key", "value")
        server.kill()
        server.start()

        with redis.Redis.from_url(server.url()) as client:
            assert client.get("key") == b"value"
        with (
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.get("key")


def test_a_valkey_that_is_not_durable_forgets() -> None:
    with Valkey() as server, redis.Redis.from_url(server.url()) as client:
        client.set("key", "value")
        server.restart(mode="immediate")

        assert client.get("key") is None


def test_a_process_beside_the_test_reads_its_database(database_url: str) -> None:
    Vigencia.objects.create(year=2031)
    count = "from pes.models import Vigencia; print(Vigencia.objects.filter(year=2031).count())"

    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", count],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        capture_output=True,
        check=True,
        text=True,
    )

    assert answer.stdout.strip() == "1"
