"""What the screens of the ground floor show and only this floor knows: the timeline, and the demo's people."""

from core.web.hooks import SignIn, provide_messages, provide_sign_ins, provide_timeline
from integration import guide
from integration.customer360.timeline import timeline
from integration.demo.cast import COLLEAGUES, PASSWORD
from integration.words import said_by_code


def plug_in() -> None:
    """Register the providers; runs once at start."""
    provide_timeline(timeline)
    provide_sign_ins(demo_people)
    provide_messages(said_by_code)
    guide.plug_in()


def demo_people() -> list[SignIn]:
    """Everybody of the cast, for the sign-in page in demo mode."""
    return [SignIn(person.name, str(person.role.label), person.email, PASSWORD) for person in COLLEAGUES]
