"""Runs several processes as one: their output with a name before each line, a crashed one started again, all stopped together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from config.bootstrap import ROOT
from config.machine import describe, dies_with_parent

PATIENCE = 8.0  # seconds a process has to end by itself
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds of running after which earlier crashes are forgotten


@dataclass
class Program:
    """One process that must always run."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    started: float = 0
    due: float = 0
    crashes: int = 0


class Supervisor:
    """Keeps programs running until told to stop. Use it from the main thread: children are bound to the life of the thread that starts them."""

    def __init__(self, programs: Sequence[Program], say: Callable[[str], None]) -> None:
        self.programs = programs
        self.say = say
        self.stopping = False

    def start(self) -> None:
        for program in self.programs:
            self.launch(program)

    def launch(self, program: Program) -> None:
        """Start a program in a session of its own: Ctrl-C in the terminal reaches us alone, and we stop the others in order."""
        program.started = time.monotonic()
        program.process = subprocess.Popen(
            program.command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            # When we are killed there is nobody left to insist: a worker told to end politely would wait for a Redis that is gone too.
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
        assert program.process.stdout
        threading.Thread(target=self.relay, args=(program.name, program.process.stdout), daemon=True).start()

    def relay(self, name: str, lines: IO[str]) -> None:
        width = max(len(program.name) for program in self.programs)
        with lines:
            for line in lines:
                if line.strip() and not self.stopping:
                    self.say(f"{name:<{width}} | {line.rstrip()}")

    def look_after(self) -> None:
        """Start again what has ended, after a pause that doubles with every crash."""
        now = time.monotonic()
        for program in self.programs:
            if program.process and program.process.poll() is not None:
                code = program.process.returncode
                program.process = None
                program.crashes = 0 if now - program.started > STEADY else program.crashes + 1
                pause = min(LONGEST_PAUSE, 2.0 ** max(0, program.crashes - 1))
                program.due = now + pause
                self.say(f"{program.name} ended ({describe(code)}); it is started again in {pause:.0f} s")
            elif program.process is None and now >= program.due:
                self.launch(program)

    def run(self) -> None:
        """Look after the programs until a signal or Ctrl-C."""
        while not self.stopping:
            self.look_after()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask all to end, at the same time; after a while insist, with everything they have started."""
        self.stopping = True
        alive = [program.process for program in self.programs if program.process and program.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
        for process in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def python(*words: str) -> list[str]:
    """A command of this environment's own Python."""
    return [sys.executable, "-m", *words]
