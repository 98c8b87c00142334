"""The audit trail: what is written stays, and what was changed, cut out, copied or cut off shows (DA4, DA5)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from pes import audit, triggers
from pes.models import AuditEvent, AuditSeal, User, Vigencia

pytestmark = [pytest.mark.django_db, pytest.mark.rule("DA4", "DA5")]

OLD = audit.SEAL_AFTER + timedelta(minutes=1)


@pytest.fixture
def without_triggers() -> Iterator[None]:
    """What somebody could do who holds the database: the triggers are off meanwhile."""
    triggers.lift(connection)
    yield
    triggers.install(connection)


def event(verb: str = "tried", ago: timedelta = OLD, **said) -> AuditEvent:
    """An event recorded some time ago."""
    with time_machine.travel(timezone.now() - ago, tick=False):
        return audit.record(verb, None, by=None, **said)


def found(anchor: str = "") -> list[str]:
    return [finding.kind for finding in audit.verify(anchor)]


def test_an_event_says_who_did_what_to_what_and_why():
    ana = User.objects.create_user("ana@ejemplo.invalid", full_name="Ana")
    year = Vigencia.objects.create(year=2030)

    audit.record("vigencia_opened", year, by=ana, before={"a": 1}, after={"a": 2}, reason="porque sí")

    one = AuditEvent.objects.get()
    assert (one.actor, one.verb, one.object_type, one.object_id) == (ana, "vigencia_opened", "pes.vigencia", "2030")
    assert (one.before, one.after, one.reason) == ({"a": 1}, {"a": 2}, "porque sí")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, None),
        ({}, {}),
        ({"2": "a", "10": "b"}, {"2": "a", "10": "b"}),
        ({2: "a", 10: "b"}, {"2": "a", "10": "b"}),
        ({"x": Decimal("1.50")}, {"x": "1.50"}),
        ({"x": date(2022, 3, 31)}, {"x": "2022-03-31"}),
        ({"x": datetime(2022, 3, 31, tzinfo=UTC)}, {"x": "2022-03-31 00:00:00+00:00"}),
        ({"x": 1e22, "y": -0.0, "z": float("nan")}, {"x": "1e+22", "y": "-0.0", "z": "nan"}),
        ({"x": 10**30, "y": True, "z": None}, {"x": 10**30, "y": True, "z": None}),
        ({"x": ("a", ["b", {"c": 1}])}, {"x": ["a", ["b", {"c": 1}]]}),
        ({"x": "ñ «» \U0001f600 \\u0000"}, {"x": "ñ «» \U0001f600 \\u0000"}),
        ({"x": "a\0b", "\0": "\ud800"}, {"x": "a�b", "�": "?"}),
    ],
)
def test_what_is_signed_is_what_the_database_gives_back(said, kept):
    """Both engines store JSON their own way; a number that one would rewrite is kept as text."""
    audit.record("tried", None, by=None, before=said, after=said, reason="fin\0al")

    one = AuditEvent.objects.get()
    assert (one.before, one.after, one.reason) == (kept, kept, "fin�al")
    assert found() == []


@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
@pytest.mark.parametrize("change", ["update", "delete", "save", "overwrite", "truncate"])
def test_no_statement_changes_what_was_written(model, change):
    event()
    audit.seal()
    row = model.objects.get()
    table = model._meta.db_table
    empty = {
        "postgresql": f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table}",
        "sqlite": f"DELETE FROM {table}",
    }
    statements = {
        "update": lambda: model.objects.update(id=row.pk + 1),
        "delete": lambda: model.objects.all().delete(),
        "save": row.save,
        "overwrite": lambda: overwrite(row),
        "truncate": lambda: execute(empty[connection.vendor]),
    }

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        statements[change]()
    assert model.objects.get().pk == row.pk


def overwrite(row: AuditEvent | AuditSeal) -> None:
    """The insert that replaces a row with the same key, in each engine's words."""
    columns = [field.column for field in row._meta.concrete_fields]
    table = row._meta.db_table
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        execute(f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id")
    else:
        execute(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_append_only_table_has_its_triggers():
    """A migration that builds a table anew on SQLite drops them silently: each must put them back."""
    where = {
        "postgresql": "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname LIKE '%\\_keep%' AND t.tgenabled = 'O' GROUP BY c.relname",
        "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_keep_%'"
        " GROUP BY tbl_name",
    }
    with connection.cursor() as cursor:
        cursor.execute(where[connection.vendor])
        on = dict(cursor.fetchall())

    assert on == dict.fromkeys(triggers.append_only_tables(), 2)
    assert {m.__name__ for m in apps.get_models() if getattr(m, "append_only", False)} >= {
        "AuditEvent", "AuditSeal", "Evidence", "Snapshot", "IssuedReport", "ReportPublication",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "other"},
        {"reason": "otra"},
        {"after": {"a": 2}},
        {"before": None},
        {"object_id": "9"},
        {"object_type": "pes.user"},
        {"at": datetime(2022, 1, 1, tzinfo=UTC)},
        {"mac": "0" * 64},
    ],
)
def test_a_changed_event_does_not_match_its_signature(without_triggers, change):
    event(before={"a": 0}, after={"a": 1})
    assert found() == []

    AuditEvent.objects.update(**change)

    assert found() == ["changed"]


def test_another_key_signs_otherwise(settings):
    event()
    settings.AUDIT_KEY = "otra-llave-de-pruebas-que-tiene-mas-de-cincuenta-caracteres"

    assert found() == ["changed"]


def test_an_event_cannot_be_copied_to_another_row():
    one = event()
    one.pk = None
    one._state.adding = True

    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_two_equal_acts_at_the_same_instant_are_two_events():
    with time_machine.travel(timezone.now(), tick=False):
        macs = {audit.record("login_failed", None, by=None).mac for _ in range(3)}

    assert len(macs) == 3


def test_seals_chain_the_events_that_are_old_enough():
    first, second = event(), event()
    young = event(ago=timedelta(minutes=1))

    seal = audit.seal()

    assert (seal.first, seal.last, seal.count, seal.previous) == (first.pk, second.pk, 2, audit.GENESIS)
    assert audit.seal() is None
    with time_machine.travel(timezone.now() + OLD):
        later = audit.seal()
    assert (later.first, later.count, later.previous) == (young.pk, 1, seal.digest)
    assert found() == []


def test_ids_and_instants_that_cross_are_no_alarm():
    """Two transactions: the one that took the lower id recorded later. Nothing is sealed past a young event."""
    event(ago=timedelta(minutes=1))
    event(ago=OLD)

    assert audit.seal() is None
    with time_machine.travel(timezone.now() + OLD):
        assert audit.seal().count == 2
    assert found() == []


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_missing_event_shows_in_its_seal(without_triggers, at):
    events = [event() for _ in range(3)]
    audit.seal()

    AuditEvent.objects.filter(pk=events[at].pk).delete()

    assert found() == ["missing_or_inserted"]


def test_an_inserted_event_shows_in_its_seal(without_triggers):
    hole = event()
    event()
    AuditEvent.objects.filter(pk=hole.pk).delete()
    audit.seal()

    forged = AuditEvent(pk=hole.pk, at=hole.at, verb="forged")
    forged.mac = audit.sign(forged, "0" * audit.NONCE_DIGITS)
    forged.save(force_insert=True)

    assert found() == ["missing_or_inserted"]


def test_a_seal_taken_out_of_the_middle_shows(without_triggers):
    for _ in range(3):
        event()
        audit.seal()

    AuditSeal.objects.filter(pk=AuditSeal.objects.order_by("pk")[1].pk).delete()

    assert "chain_broken" in found()


def test_a_tail_cut_off_shows_against_the_digest_in_the_log(without_triggers, caplog):
    """The chain that is left is whole; only what was written elsewhere tells that it went on."""
    caplog.set_level("INFO", logger="pes.audit")
    event()
    audit.seal()
    event()
    last = audit.seal()
    AuditEvent.objects.filter(pk=last.last).delete()
    AuditSeal.objects.filter(pk=last.pk).delete()

    assert last.digest in caplog.text
    assert found() == []
    assert found(last.digest) == ["tail_missing"]
    assert found(AuditSeal.objects.get().digest) == []


@pytest.mark.django_db(transaction=True)
def test_sealers_at_the_same_time_make_one_seal():
    for _ in range(5):
        event()
    start = threading.Barrier(4)
    made: list[AuditSeal | None] = []

    def sealer():
        start.wait()
        made.append(audit.seal())
        connections.close_all()

    threads = [threading.Thread(target=sealer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 4
    assert AuditSeal.objects.get().count == 5
    assert found() == []


def test_an_act_that_is_rolled_back_leaves_no_event():
    def act():
        with transaction.atomic():
            event()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()

    assert not AuditEvent.objects.exists()
