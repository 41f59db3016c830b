"""The toolkit's own screens."""

from core.web.attachments import Attach, Download, RemoveFile
from core.web.help import Help
from core.web.home import Home
from core.web.hub import New, Reports
from core.web.palette import Palette
from core.web.preferences import Counters, LookupAnswers, Preferences
from core.web.signin import PasswordChange, SignIn, SignOut

__all__ = [
    "Attach",
    "Counters",
    "Download",
    "Help",
    "Home",
    "LookupAnswers",
    "New",
    "Palette",
    "PasswordChange",
    "Preferences",
    "RemoveFile",
    "Reports",
    "SignIn",
    "SignOut",
]
