"""What of the warehouse can be brought in from files."""

from backoffice.inventory.imports import counts, opening, receipts

__all__ = ["counts", "opening", "receipts"]
