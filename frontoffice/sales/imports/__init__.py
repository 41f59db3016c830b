"""What of sales can be brought in from files."""

from frontoffice.sales.imports import orders, price_lists, prices

__all__ = ["orders", "price_lists", "prices"]
