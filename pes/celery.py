"""The Celery application: carries hints to the workers and beats the clock.

The truth is in the job rows (pes/jobs.py); the tasks are in pes/tasks.py.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pes.settings")

app = Celery("pes")
_visibility = settings.JOB_VISIBILITY_SECONDS
app.conf.update(
    broker_url=settings.REDIS_URL or "memory://",
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_default_queue="default",
    worker_prefetch_multiplier=1,
    task_time_limit=settings.JOB_TIME_LIMIT_SECONDS,
    task_soft_time_limit=max(settings.JOB_TIME_LIMIT_SECONDS - 60, 1),
    worker_max_tasks_per_child=50,
    worker_max_memory_per_child=600_000,
    worker_soft_shutdown_timeout=60,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    visibility_timeout=_visibility,
    result_backend_transport_options={"visibility_timeout": _visibility},
    broker_transport_options={
        "visibility_timeout": _visibility,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 2,
        "max_retries": 1,  # a request must not wait for a broker that is down: the sweeper repeats its hint (JB2)
        "interval_start": 0,
        "interval_step": 0.1,
        "socket_keepalive": True,
        "health_check_interval": 30,
    },
    timezone=settings.TIME_ZONE,
    # Messages expire before the next one, so a day without workers leaves no heap of them. Clock times, not intervals:
    # an interval begins anew with each beat, and a beat restarted every hour would never plan (JB7).
    beat_schedule={
        "sweep": {
            "task": "pes.sweep",
            "schedule": float(settings.JOB_SWEEP_SECONDS),
            "options": {"expires": 2 * settings.JOB_SWEEP_SECONDS},
        },
        "plan": {"task": "pes.plan", "schedule": crontab(minute=5), "options": {"expires": 3600}},
        "nightly": {"task": "pes.nightly", "schedule": crontab(hour=3, minute=15), "options": {"expires": 12 * 3600}},
    },
)
app.autodiscover_tasks()
