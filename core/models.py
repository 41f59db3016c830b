"""The ground floor's own table."""

from core.numbering import Counter

__all__ = ["Counter"]
