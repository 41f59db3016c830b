"""The screens of the books, and what they say on the home page."""

from backoffice.finance.views import elsewhere, home

__all__ = ["elsewhere", "home"]
