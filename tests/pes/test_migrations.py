"""Migrating an empty database gives what the tests use: the same tables, columns, constraints, indexes and triggers."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
HASH = re.compile(r"_[0-9a-f]{8}(?=\b|_)")  # Django names what we do not name after columns and a digest
# Django's own migrations widen the key of that link, and its models do not.
POSTGRES = r"""
SELECT 'column', table_name, column_name, data_type || is_nullable || coalesce(character_maximum_length, 0)
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'auth_group_permissions'
UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid), '' FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'index', tablename, regexp_replace(indexdef, 'INDEX \S+ ', ''), '' FROM pg_indexes
  WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, '' FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture
def migrated(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """Address of a database of this engine that was empty and was migrated by a process of its own."""
    if connection.vendor == "sqlite":
        address = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
        _migrate(address)
        yield address
        return
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"{connection.settings_dict['NAME']}_migrated"
    with psycopg.connect(server.geturl(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            address = server._replace(path=f"/{name}").geturl()
            _migrate(address)
            yield address
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrate(address: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}, check=True)


def test_migrating_gives_the_tables_of_the_models(migrated: str) -> None:
    assert _shape(migrated) == _shape("")


def _shape(address: str) -> set[tuple[str, ...]]:
    """Everything that a database declares; that of the tests without an address."""
    if connection.vendor == "sqlite":
        path = address.removeprefix("sqlite:///") or str(connection.settings_dict["NAME"])
        with sqlite3.connect(path) as store:
            return set(_of_sqlite(store))
    if not address:
        with connection.cursor() as cursor:
            cursor.execute(POSTGRES)
            return {tuple(map(str, row)) for row in cursor.fetchall()}
    with psycopg.connect(address) as store:
        return {tuple(map(str, row)) for row in store.execute(POSTGRES).fetchall()}


def _of_sqlite(store: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    for kind, name, table, sql in store.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        if name.startswith("sqlite_"):
            continue
        if kind != "table":
            yield kind, table, HASH.sub("", sql or "")
            continue
        for part in _parts(sql):
            yield kind, name, part


def _parts(sql: str) -> Iterator[str]:
    """The columns and constraints of a table, whatever their order."""
    depth, part = 0, ""
    for char in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            yield HASH.sub("", part.strip())
            part = ""
        else:
            part += char
    yield HASH.sub("", part.strip())
