"""Celery carries hints only, and holds on to a Redis that comes and goes."""

import os
import subprocess
import sys
import time
from pathlib import Path

from redis import Redis

from config.celery import app

ROOT = Path(__file__).resolve().parents[2]


def test_hints_are_json_without_results_and_acknowledged_early() -> None:
    assert app.conf.accept_content == ["json"]
    assert (app.conf.task_serializer, app.conf.result_serializer) == ("json", "json")
    assert app.conf.task_ignore_result is True
    assert app.conf.task_acks_late is False
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_time_limit


def test_the_broker_is_tried_without_end_and_never_waited_for_without_end() -> None:
    assert app.conf.broker_connection_retry_on_startup is True
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_transport_options == {
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "health_check_interval": 5,
    }


def test_the_clock_wakes_the_drain_every_second_and_names_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    assert app.conf.beat_schedule["drain"]["schedule"] == 1.0
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks


def test_a_worker_works_on_a_unix_socket_with_these_settings(redis: Redis) -> None:
    """The embedded Redis has no port, and not every option of a TCP connection exists on a socket."""
    assert str(app.conf.broker_url).startswith("redis+socket://")
    words = [
        "--quiet",
        "--app",
        "config.celery",
        "worker",
        "--pool",
        "solo",
        "--without-gossip",
        "--without-mingle",
        "--hostname",
        "test@here",
    ]
    worker = subprocess.Popen([sys.executable, "-m", "celery", *words], cwd=ROOT, env={**os.environ, "C_FORCE_ROOT": "1"})
    try:
        deadline = time.monotonic() + 45
        while not app.control.ping(destination=["test@here"], timeout=0.5):
            assert worker.poll() is None
            assert time.monotonic() < deadline
    finally:
        worker.terminate()
        assert worker.wait(20) == 0
