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

CREATE TABLE fault_deed (kind text NOT NULL, xid xid8 DEFAULT pg_current_xact_id());
CREATE FUNCTION fault_note_deed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO fault_deed (kind) VALUES (TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER fault_note_deed AFTER INSERT ON fault_effect
FOR EACH STATEMENT EXECUTE FUNCTION fault_note_deed('fault_effect');
CREATE TRIGGER fault_note_deed AFTER INSERT ON evaluation_quarterclose
FOR EACH STATEMENT EXECUTE FUNCTION fault_note_deed('close_quarter');
CREATE TRIGGER fault_note_deed AFTER INSERT OR UPDATE ON evaluation_quarterprogress
FOR EACH STATEMENT EXECUTE FUNCTION fault_note_deed('compute_quarter');
"""
# What must never be: each question asks for the rows that are wrong.
WRONGS = {
    "requests without effect": """
        SELECT number FROM fault_request EXCEPT SELECT number FROM fault_effect
    """,
    "effects that were doubled": """
        SELECT number, count(*) FROM fault_effect GROUP BY number HAVING count(*) > 1
    """,
    "jobs that did not end once, under their last token": """
        SELECT job.id, job.kind, job.state, job.attempts, job.error, count(ended.job) FROM pes_job AS job
        LEFT JOIN fault_end AS ended ON ended.job = job.id AND ended.token = job.token
        GROUP BY job.id HAVING job.state <> 'done' OR count(ended.job) <> 1
    """,
    "jobs that ended more than once": """
        SELECT job, array_agg(token) FROM fault_end GROUP BY job HAVING count(*) > 1
    """,
    "effects that were not committed with the end of one job of their kind": """
        SELECT deed.kind, deed.xid FROM (SELECT DISTINCT kind, xid FROM fault_deed) AS deed
        LEFT JOIN fault_end AS ended USING (xid, kind) GROUP BY deed.kind, deed.xid HAVING count(ended.job) <> 1
    """,
    "jobs that ended without their effect": """
        SELECT job, kind FROM fault_end AS ended
         WHERE kind IN ('fault_effect', 'close_quarter', 'compute_quarter')
           AND NOT EXISTS (SELECT FROM fault_deed AS deed WHERE deed.xid = ended.xid AND deed.kind = ended.kind)
    """,
    "reports whose sending was not told once, or not frozen once": """
        SELECT * FROM (
            SELECT report.id, report.status, report.submitted_at IS NOT NULL AS was_sent,
                   (SELECT count(*) FROM pes_auditevent WHERE verb = 'report_submitted'
                     AND object_type = 'tracking.quarterreport' AND object_id = report.id::text) AS acts,
                   (SELECT count(*) FROM tracking_reportversion AS version WHERE version.report_id = report.id
                     AND version.event = 'submitted') AS versions
              FROM tracking_quarterreport AS report WHERE report.validated_at IS NULL) AS sent
         WHERE acts <> versions OR acts <> was_sent::int
    """,
    "reports whose consolidation was not told once": """
        SELECT report.id, report.status, count(event.id) FROM tracking_quarterreport AS report
        LEFT JOIN pes_auditevent AS event ON event.object_type = 'tracking.quarterreport'
         AND event.object_id = report.id::text AND event.verb = 'report_consolidated'
        GROUP BY report.id HAVING count(event.id) <> (report.status = 'consolidated')::int
    """,
    "quarters that were not closed once and whole": """
        SELECT * FROM (
            SELECT close.entity_id, close.quarter, close.run,
                   (SELECT count(*) FROM evaluation_unitresult AS unit WHERE unit.close_id = close.id) AS units,
                   (SELECT count(*) FROM evaluation_goalresult AS goal WHERE goal.close_id = close.id) AS goals,
                   (SELECT count(*) FROM pes_auditevent WHERE verb = 'quarter_closed'
                     AND object_type = 'evaluation.quarterclose' AND object_id = close.id::text) AS acts
              FROM evaluation_quarterclose AS close) AS closed
         WHERE (run, units, goals, acts) <> (1, 5::bigint, 5::bigint, 1::bigint)
    """,
    "sent reports that the progress of their quarter has not seen": """
        SELECT report.id, report.status, told.value ->> 'status' FROM tracking_quarterreport AS report
          JOIN plans_plangestion AS plan ON plan.id = report.plan_id
          JOIN pes_organizationunit AS unit ON unit.id = plan.unit_id
          LEFT JOIN evaluation_quarterprogress AS progress ON progress.entity_id = unit.parent_id
           AND progress.vigencia = plan.vigencia_id AND progress.quarter = report.quarter AND progress.level = plan.level
          LEFT JOIN jsonb_array_elements(progress.units) AS told ON (told.value ->> 'plan')::bigint = plan.id
         WHERE report.status IN ('submitted', 'consolidated') AND told.value ->> 'status' IS DISTINCT FROM report.status
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

    def rows(self, sql: str) -> set[tuple[Any, ...]]:
        """Rows whose order says nothing."""
        return set(self.ask(sql))

    def wrongs(self) -> dict[str, list[tuple[Any, ...]]]:
        """What must never be and is."""
        found = {name: self.ask(sql) for name, sql in WRONGS.items()}
        return {name: rows for name, rows in found.items() if rows}

    def close(self) -> None:
        """Leave, if somebody was listening."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
