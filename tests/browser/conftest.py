"""Browser tests look at the trial module too."""

from tests.core.web.conftest import trial

__all__ = ["trial"]
