"""The toolkit's own screens."""

from core.web.attachments import Attach, Download, RemoveFile
from core.web.composer import Compose
from core.web.help import Help, PutAway
from core.web.home import Home
from core.web.hub import New, Reports
from core.web.palette import Palette
from core.web.preferences import Counters, LookupAnswers, Preferences
from core.web.presence import Presence
from core.web.signin import SignIn, SignOut

__all__ = [
    "Attach",
    "Compose",
    "Counters",
    "Download",
    "Help",
    "Home",
    "LookupAnswers",
    "New",
    "Palette",
    "Preferences",
    "Presence",
    "PutAway",
    "RemoveFile",
    "Reports",
    "SignIn",
    "SignOut",
]
