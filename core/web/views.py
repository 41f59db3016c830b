"""The toolkit's own screens."""

from core.web.attachments import Attach, Download, RemoveFile
from core.web.home import Home
from core.web.palette import Palette
from core.web.preferences import Counters, LookupAnswers, Preferences
from core.web.signin import PasswordChange, SignIn, SignOut

__all__ = [
    "Attach",
    "Counters",
    "Download",
    "Home",
    "LookupAnswers",
    "Palette",
    "PasswordChange",
    "Preferences",
    "RemoveFile",
    "SignIn",
    "SignOut",
]
