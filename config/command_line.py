"""Django's command line, with the embedded servers running for as long as a command needs them."""

import contextlib
import os
import sys

from config import embedded

NEED_NO_SERVERS = {  # everything else may ask the database
    "build_assets",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "faults",  # starts servers of its own, and strikes them
    "fuzz",  # likewise, and asks its own web server
    "findstatic",
    "help",
    "makemessages",
    "messages",
    "spectacular",
    "startapp",
    "up",  # starts them itself, and keeps them
    "version",
}


def main(argv: list[str]) -> None:
    """Run one management command."""
    command = argv[1] if len(argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command == "up":
        os.environ.setdefault("SATU_DEMO", "0" if "--no-demo" in argv else "1")
    asks_for_help = bool({"--help", "-h"} & set(argv))
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    alone = command in NEED_NO_SERVERS or asks_for_help or given
    try:
        with contextlib.nullcontext() if alone else embedded.running():
            from django.core.management import execute_from_command_line

            execute_from_command_line(argv)
    except embedded.CannotStart as reason:
        sys.exit(f"Satu cannot start: {reason}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
