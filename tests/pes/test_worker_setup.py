"""How workers are set up: what was measured to matter is set, and one place talks to the broker."""

from __future__ import annotations

import subprocess
import sys

from pes import jobs
from tests.repository.tree import ROOT, read, with_suffix


def test_hints_leave_from_one_place_only():
    """JB8: nobody else talks to the broker, so nothing is sent before the commit."""
    calls = (".send_task(", ".delay(", ".apply_async(")
    found = {
        str(path)
        for path in with_suffix(".py")
        if path.parts[0] != "tests" and any(call in read(path) for call in calls)
    }

    assert found == {"pes/jobs.py"}


def test_the_worker_takes_json_only_and_loses_nothing():
    """B3–B5, JB14: what was measured to matter is set, and a limit comes before the message is sent again."""
    conf = jobs.app.conf

    assert (list(conf.accept_content), conf.task_serializer) == (["json"], "json")
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.task_ignore_result) == (True, True, True)
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_soft_time_limit < conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]
    assert {"socket_timeout", "socket_keepalive", "health_check_interval"} <= conf.broker_transport_options.keys()
    assert all(entry["options"]["expires"] for entry in conf.beat_schedule.values())


def test_without_a_broker_the_web_server_brings_its_thread():
    """The thread beside the web server starts with it, once."""
    asked = "import pes.wsgi, threading; print([t.name for t in threading.enumerate()].count('pes-jobs'))"
    made = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "sqlite://:memory:"},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    assert made.stdout.strip() == "1"
