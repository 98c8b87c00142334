"""Database triggers that refuse UPDATE and DELETE (and TRUNCATE) on append-only tables, on both engines.

A model is append-only when it says `append_only = True`. Its migration calls `protect("app", "Model", …)`, once for all of
them: each operation that runs code makes Django build every model of the site again.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION pes_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only table %: % refused', TG_TABLE_NAME, TG_OP; END $$
"""


def protect(app_label: str, *models: str) -> migrations.RunPython:
    """Migration operation that puts the triggers on the tables of some models, and takes them off when reversed."""

    def put(state: Any, schema_editor: Any) -> None:
        for model in models:
            _put(schema_editor.connection, state.get_model(app_label, model)._meta.db_table)

    def take(state: Any, schema_editor: Any) -> None:
        for model in models:
            _take(schema_editor.connection, state.get_model(app_label, model)._meta.db_table)

    return migrations.RunPython(put, take)


def protect_when_reversed(app_label: str, model: str) -> migrations.RunPython:
    """First operation of a migration that makes a protected table again: going back, it gets its triggers last."""

    def put(state: Any, schema_editor: Any) -> None:
        _put(schema_editor.connection, state.get_model(app_label, model)._meta.db_table)

    return migrations.RunPython(migrations.RunPython.noop, put)


def append_only_tables() -> list[str]:
    """Tables of the models that declare themselves append-only."""
    return [m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)]


def install(connection: Any) -> None:
    """Put the triggers on every append-only table (tests put them back after their flush)."""
    for table in append_only_tables():
        _put(connection, table)


def lift(connection: Any) -> None:
    """Take the triggers off every append-only table (tests only: around a flush)."""
    for table in append_only_tables():
        _take(connection, table)


def _put(connection: Any, table: str) -> None:
    _take(connection, table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            cursor.execute(
                f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION pes_refuse_change()"
            )
            cursor.execute(
                f"CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION pes_refuse_change()"
            )
            return
        for verb in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER {table}_keep_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'append-only table {table}: {verb} refused'); END"
            )


def _take(connection: Any, table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep_all ON {table}")
            return
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep_{verb}")
