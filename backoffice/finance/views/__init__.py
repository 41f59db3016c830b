"""The screens of the books, and what they say on the home page."""

from backoffice.finance.views import home

__all__ = ["home"]
