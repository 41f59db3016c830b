"""`python -m tests.fuzz.letting_in ROLE`: a token for the colleague who plays a role, written to the terminal."""

import os
import sys


def main(role: str) -> None:
    """Let the colleague in, again should they have been shut out, and make a token."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - it is run as a program

    django.setup()
    from core.people.models import User  # noqa: PLC0415
    from core.tokens.operations import issue_token  # noqa: PLC0415
    from integration.demo.cast import COLLEAGUES  # noqa: PLC0415

    email = next(person.email for person in COLLEAGUES if person.role == role)
    User.objects.filter(email=email).update(is_active=True)
    sys.stdout.write(issue_token(name="Fuzz", by=User.objects.get(email=email))[1])


if __name__ == "__main__":
    main(sys.argv[1])
