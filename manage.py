#!/usr/bin/env python3
"""Satu's one command. Needs nothing installed: the first start makes .venv and puts the locked requirements in it.

python3 manage.py up      a living demo company in the browser
python3 manage.py test    all tests, on servers of their own
python3 manage.py lint    every static check
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this file must still be readable to an interpreter that is too old)
    sys.exit(
        "Satu needs Python 3.11 or newer, and this is Python %d.%d (%s). Start it with a newer one, "  # noqa: UP031
        "for example: python3.11 manage.py %s" % (sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv[1:]) or "up")
    )

from config import bootstrap

if __name__ == "__main__":
    bootstrap.main(sys.argv)
