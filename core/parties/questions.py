"""What others want to know about a party, and only the back office can tell."""

from dataclasses import dataclass
from decimal import Decimal

from core.events import Question


@dataclass(frozen=True)
class Credit:
    """How far we trust a customer, in the currency of the books. ``limit`` and ``available`` are None when unlimited."""

    currency: str
    used: Decimal
    limit: Decimal | None
    available: Decimal | None


@dataclass(frozen=True, kw_only=True)
class CreditStanding(Question[Credit]):
    """What a customer owes us, and how much more they may.

    ``only_limited``: somebody asks whether the limit suffices, so that without one nobody has to add up what is used.
    """

    customer_id: int
    only_limited: bool = False
