"""The supervisor: several processes as one."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from config.supervisor import Program, Supervisor


def until(said: list[str], words: str, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 20
    while not any(words in line for line in said):
        assert time.monotonic() < deadline, f"{words!r} was never said: {said}"
        supervisor.look_after()
        time.sleep(0.05)


def script(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_every_line_carries_the_name_of_its_program() -> None:
    said: list[str] = []
    supervisor = Supervisor(
        [Program("web", script("print('hello'); import time; time.sleep(60)")), Program("worker", script("print('hi')"))], said.append
    )
    supervisor.start()
    until(said, "web    | hello", supervisor)
    until(said, "worker | hi", supervisor)
    supervisor.stop()


def test_a_crashed_program_is_started_again_with_growing_pauses() -> None:
    said: list[str] = []
    program = Program("worker", script("import sys; print('started'); sys.exit(3)"))
    supervisor = Supervisor([program], said.append)
    supervisor.start()
    until(said, "worker ended (exit 3); it is started again in 1 s", supervisor)
    until(said, "worker ended (exit 3); it is started again in 2 s", supervisor)
    assert program.crashes == 2
    supervisor.stop()


def test_a_killed_program_is_named_by_its_signal() -> None:
    said: list[str] = []
    program = Program("worker", script("import time; print('started'); time.sleep(60)"))
    supervisor = Supervisor([program], said.append)
    supervisor.start()
    until(said, "started", supervisor)
    assert program.process
    program.process.send_signal(signal.SIGKILL)
    until(said, "worker ended (killed by SIGKILL)", supervisor)
    supervisor.stop()


def test_who_does_not_end_when_asked_is_ended_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.supervisor.PATIENCE", 0.5)
    said: list[str] = []
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print('child', child.pid, flush=True); time.sleep(60)"
    )
    supervisor = Supervisor([Program("web", script(stubborn))], said.append)
    supervisor.start()
    until(said, "child", supervisor)
    child = int(next(line for line in said if "child" in line).split()[-1])
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 5
    deadline = time.monotonic() + 5
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Alive, and not a zombie that nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_programs_end_when_the_supervisor_is_killed() -> None:
    code = (
        "from config.supervisor import *; import sys, time\n"
        "s = Supervisor([Program('web', [sys.executable, '-c', 'import time, os; print(os.getpid(), flush=True); time.sleep(60)'])], lambda line: print(line, flush=True))\n"
        "s.start(); s.run()"
    )
    reading, writing = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        script(code),
        {**os.environ, "PYTHONPATH": str(Path.cwd())},
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)],
    )
    os.close(writing)
    with os.fdopen(reading) as lines:
        child = int(lines.readline().split("|")[1])
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    deadline = time.monotonic() + 10
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)
