"""Rounds of faults over a site at work: what is asked, what is broken, and when everything has come to rest."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import redis
from celery import Celery

from tests.faults.crew import Crew, Person
from tests.faults.ledger import Ledger
from tests.services import Postgres, Valkey

PATIENCE_SECONDS = 90.0  # a hint that was lost five times is repeated after 32
JOBS, REPEATS = 6, 10  # asked in a round; messages of each job that is sent again
LONGEST_SECONDS = 0.15
FAULTS = ("worker", "child", "flush", "broker", "database", "repeat")
SECOND = ("child", "flush", "database", "repeat")  # a worker and a broker take seconds to come back


@dataclass(frozen=True)
class Side:
    """What is put to the test: the product, or Celery as it comes."""

    name: str  # of the client
    app: str
    crew: tuple[str, ...]
    queue: str
    task: str
    newest: str  # SQL: arguments of the messages that are sent again
    begun: str  # SQL: a number that grows whenever a worker takes something up


PRODUCT = Side(
    name="product",
    app="pes.celery",
    crew=("first", "second", "third", "beat"),
    queue="default",
    task="pes.run_job",
    newest="SELECT id FROM pes_job ORDER BY id DESC LIMIT 3",
    begun="SELECT coalesce(sum(token), 0) FROM pes_job",
)
PLAIN = Side(
    name="plain",
    app="tests.faults.plain",
    crew=("first", "second", "third"),
    queue="celery",
    task="tests.faults.plain.leave_a_row",
    newest="SELECT number, 0.1 FROM fault_request ORDER BY number DESC LIMIT 3",
    begun="SELECT count(*) FROM fault_effect",
)


@dataclass
class Storm:
    """The servers, the processes and the dice; `material` has the requests of each round besides the plain jobs."""

    side: Side
    postgres: Postgres
    valkey: Valkey
    crew: Crew
    person: Person
    ledger: Ledger
    material: Sequence[Sequence[list[Any]]] = ()
    dice: Random = field(default_factory=lambda: Random(20220930))
    faults: Counter[str] = field(default_factory=Counter)
    asked: list[list[Any]] = field(default_factory=list)

    def rage(self, rounds: int) -> None:
        """Each round asks a batch, waits until a worker has taken something up, and breaks one thing or two."""
        for number in range(rounds):
            begun = self.ledger.count(self.side.begun)
            self._ask(number)
            self.wait(lambda: self.ledger.count(self.side.begun) > begun, "nobody works")  # noqa: B023
            second = [self.dice.choice(SECOND)] if self.dice.random() < 0.4 else []
            for name in (FAULTS[number % len(FAULTS)], *second):
                time.sleep(self.dice.uniform(0, 0.1))
                getattr(self, f"_{name}")()
                self.faults[name] += 1

    def wait(self, condition: Callable[[], bool], complaint: str) -> None:
        """Ask every twentieth of a second, replacing the dead meanwhile; fail with what everybody said last."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert self.person.is_there, f"the client fell\n{self.crew.log()}"
            assert time.monotonic() < deadline, f"{complaint} (in {PATIENCE_SECONDS} s)\n{self.crew.log()}"
            self.crew.start(*self.side.crew)
            time.sleep(0.05)

    def wait_for_answers(self) -> None:
        """The client has been answered all that it asked."""
        self.wait(lambda: len(self.person.answers()) == len(self.asked), "requests without an answer")

    def _ask(self, number: int) -> None:
        first = number * JOBS
        batch = [["effect", first + at, self.dice.uniform(0.01, LONGEST_SECONDS)] for at in range(JOBS)]
        batch += self.material[number] if self.material else []
        self.dice.shuffle(batch)
        self.asked += batch
        self.person.say(json.dumps(batch))

    def _worker(self) -> None:
        self.crew.kill_worker(self.dice)

    def _child(self) -> None:
        self.crew.kill_child(self.dice)

    def _flush(self) -> None:
        with redis.Redis.from_url(self.valkey.url()) as broker:
            broker.flushall()

    def _broker(self) -> None:
        """Without persistence, so that whatever it held is gone; some of the time it stays away for a while."""
        self.valkey.kill()
        time.sleep(self.dice.choice((0, 0, 0.2)))
        self.valkey.start()

    def _database(self) -> None:
        self.postgres.restart("immediate")

    def _repeat(self) -> None:
        with Celery("again", broker=self.valkey.url(), set_as_current=False) as sender:
            for arguments in self.ledger.ask(self.side.newest):
                for _ in range(REPEATS):
                    sender.send_task(self.side.task, arguments, queue=self.side.queue)
