"""A demo company on a web server of its own, served as production serves it: for pictures, budgets and accessibility checks.

``python -m config.showroom [DAYS]`` fills the database that DATABASE_URL names and builds what the pages load.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.bootstrap import ROOT
from config.machine import dies_with_parent
from config.supervisor import python

SECONDS = 90
NOT_SHOWN = ["admin", "unfold", "api", "drf_spectacular_sidecar", "rest_framework", "*.gz"]  # the clerks' and the API's pages


def environment(database: str, static: Path, *, demo: bool) -> dict[str, str]:
    """What the server and the filling of its database are told."""
    told = {"DATABASE_URL": database, "STATIC_ROOT": str(static), "MEDIA_ROOT": str(static.parent / "media")}
    return {**os.environ, **told, "SATU_STATIC_COLLECTED": "1", "SATU_DEMO": "1" if demo else "0", "DEBUG": "0"}


def fill(told: Mapping[str, str], days: int | None = None) -> None:
    """Build the assets, bring the database up to date and let the company live for some days (a whole year when not told)."""
    subprocess.run([*python("config.showroom"), *([str(days)] if days else [])], cwd=ROOT, env=told, check=True)


@contextlib.contextmanager
def serving(told: Mapping[str, str]) -> Iterator[str]:
    """The address of a web server that stands as long as the block lasts."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    words = ["--host", "127.0.0.1", "--port", str(port), "--lifespan", "off", "--no-access-log", "--log-level", "warning"]
    command = python("uvicorn", "config.asgi:application", *words)
    server = subprocess.Popen(command, cwd=ROOT, env=told, start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL))  # noqa: PLW1509
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(server, address)
        yield address
    finally:
        server.kill()
        server.wait()


def wait_for(server: "subprocess.Popen[bytes]", address: str) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310
            return
        time.sleep(0.1)
    raise RuntimeError(f"The web server of the showroom does not answer at {address}; its own words are above.")


def main(words: list[str]) -> None:
    """Fill the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from core.parties.models import Company
    from integration.demo.year import DAYS, Year

    silent = {"verbosity": 0}
    call_command("build_assets", stdout=sys.stderr, **silent)
    call_command("collectstatic", interactive=False, ignore_patterns=NOT_SHOWN, **silent)
    call_command("migrate", interactive=False, **silent)
    if not Company.objects.exists():
        Year(days=int(words[0]) if words else DAYS).live()


if __name__ == "__main__":
    main(sys.argv[1:])
