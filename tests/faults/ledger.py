"""What happened, in rows that are only added: they are written in the transaction that did it, some of them by triggers.

A transaction that is rolled back takes its rows with it, so a row is an effect. The number of the transaction tells
with which job's end each effect was committed.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg

TABLES = """
CREATE TABLE fault_request (number integer PRIMARY KEY);
CREATE TABLE fault_effect (number integer NOT NULL, token integer NOT NULL, xid xid8 DEFAULT pg_current_xact_id());
"""
TRIGGERS = """
CREATE TABLE fault_end (
    job bigint NOT NULL, token integer NOT NULL, kind text NOT NULL, xid xid8 DEFAULT pg_current_xact_id()
);
CREATE FUNCTION fault_note_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO fault_end (job, token, kind) VALUES (NEW.id, NEW.token, NEW.kind);
    RETURN NULL;
END $$;
CREATE TRIGGER fault_note_end AFTER UPDATE ON pes_job FOR EACH ROW
WHEN (NEW.state = 'done' AND OLD.state <> 'done') EXECUTE FUNCTION fault_note_end();
"""
# What must never be: each question asks for the rows that are wrong.
WRONGS = {
    "requests without effect": """
        SELECT number FROM fault_request EXCEPT SELECT number FROM fault_effect
    """,
    "effects that were doubled": """
        SELECT number, count(*) FROM fault_effect GROUP BY number HAVING count(*) > 1
    """,
    "effects that did not come with the end of their job": """
        SELECT effect.* FROM fault_effect AS effect
        LEFT JOIN fault_end AS ended ON ended.xid = effect.xid AND ended.token = effect.token WHERE ended.job IS NULL
    """,
    "jobs that did not end once, under their last token": """
        SELECT job.id, job.kind, job.state, job.error, count(ended.job) FROM pes_job AS job
        LEFT JOIN fault_end AS ended ON ended.job = job.id AND ended.token = job.token
        GROUP BY job.id HAVING job.state <> 'done' OR count(ended.job) <> 1
    """,
    "jobs that ended more than once": """
        SELECT job, array_agg(token) FROM fault_end GROUP BY job HAVING count(*) > 1
    """,
    "reports that were not sent once, with one act and one frozen version": """
        SELECT * FROM (
            SELECT report.id, report.status,
                   (SELECT count(*) FROM pes_auditevent WHERE verb = 'report_submitted'
                     AND object_type = 'tracking.quarterreport' AND object_id = report.id::text) AS acts,
                   (SELECT count(*) FROM tracking_reportversion AS version WHERE version.report_id = report.id
                     AND version.event = 'submitted') AS versions
              FROM tracking_quarterreport AS report) AS sent
         WHERE acts <> versions OR acts <> (status NOT IN ('open', 'filling'))::int
    """,
}
PATIENCE_SECONDS = 20.0


class Ledger:
    """Plain questions to the database under fire; it waits for a server that is being restarted."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def run(self, sql: str) -> None:
        """Statements without an answer."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a question, asked again until somebody answers."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(self._url, autocommit=True)
                return self._connection.execute(sql).fetchall()
            except psycopg.OperationalError:
                self.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def count(self, sql: str) -> int:
        """The one number that a question answers."""
        return int(self.ask(sql)[0][0])

    def column(self, sql: str) -> set[Any]:
        """The first value of each row."""
        return {row[0] for row in self.ask(sql)}

    def wrongs(self) -> dict[str, list[tuple[Any, ...]]]:
        """What must never be and is."""
        found = {name: self.ask(sql) for name, sql in WRONGS.items()}
        return {name: rows for name, rows in found.items() if rows}

    def close(self) -> None:
        """Leave, if somebody was listening."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
