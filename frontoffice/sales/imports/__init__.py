"""What of sales can be brought in from files."""

from frontoffice.sales.imports import orders, prices

__all__ = ["orders", "prices"]
