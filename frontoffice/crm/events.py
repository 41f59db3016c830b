"""What happens to leads, deals and activities."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class LeadCreated(Event):
    """Somebody might want to buy."""

    KEY = "lead_id"
    EXTERNAL = True

    lead_id: int
    name: str
    company_name: str
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class LeadConverted(Event):
    """A lead became a deal with a party we know."""

    KEY = "lead_id"
    PARTY = "party_id"
    EXTERNAL = True

    lead_id: int
    name: str
    deal_id: int
    party_id: int


@dataclass(frozen=True, kw_only=True)
class LeadLost(Event):
    """A lead came to nothing."""

    KEY = "lead_id"
    EXTERNAL = True

    lead_id: int
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeadReopened(Event):
    """A lost lead is worked on again."""

    KEY = "lead_id"
    EXTERNAL = True

    lead_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class DealOpened(Event):
    """There is a sale to work for."""

    KEY = "deal_id"
    PARTY = "party_id"
    EXTERNAL = True

    deal_id: int
    name: str
    party_id: int | None
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class DealAssigned(Event):
    """A deal is in somebody else's hands from now on."""

    KEY = "deal_id"
    PARTY = "party_id"

    deal_id: int
    name: str
    party_id: int | None
    owner_id: int
    owner_name: str


@dataclass(frozen=True, kw_only=True)
class DealMoved(Event):
    """A deal stands in another stage of its pipeline."""

    KEY = "deal_id"
    PARTY = "party_id"
    EXTERNAL = True

    deal_id: int
    name: str
    party_id: int | None
    from_stage: str
    to_stage: str


@dataclass(frozen=True)
class WonLine:
    """One line the customer said yes to. ``discount`` is a fraction of the price, 0 to 1."""

    product_id: int | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal


@dataclass(frozen=True, kw_only=True)
class DealWon(Event):
    """The customer said yes to these lines at these prices."""

    KEY = "deal_id"
    PARTY = "party_id"

    deal_id: int
    name: str
    party_id: int
    owner_id: int | None
    currency: str
    amount: Decimal
    lines: tuple[WonLine, ...]


@dataclass(frozen=True, kw_only=True)
class DealLost(Event):
    """The customer said no, or nothing at all."""

    KEY = "deal_id"
    PARTY = "party_id"
    EXTERNAL = True

    deal_id: int
    name: str
    party_id: int | None
    reason: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class DealReopened(Event):
    """A lost deal is worked on again."""

    KEY = "deal_id"
    PARTY = "party_id"
    EXTERNAL = True

    deal_id: int
    name: str
    party_id: int | None


@dataclass(frozen=True, kw_only=True)
class ActivityLogged(Event):
    """Somebody called, wrote, met or noted something."""

    KEY = "activity_id"
    PARTY = "party_id"
    EXTERNAL = True

    activity_id: int
    party_id: int | None
    deal_id: int | None
    lead_id: int | None
    kind: str
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class ActivityReopened(Event):
    """A next step that was ticked off is to be done after all."""

    KEY = "activity_id"
    PARTY = "party_id"
    EXTERNAL = True

    activity_id: int
    party_id: int | None
    deal_id: int | None
    lead_id: int | None
    kind: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class ActivityRemoved(Event):
    """What was noted or planned was a mistake, and is forgotten."""

    KEY = "activity_id"
    PARTY = "party_id"
    EXTERNAL = True

    activity_id: int
    party_id: int | None
    deal_id: int | None
    lead_id: int | None
    kind: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class ActivityFellDue(Event):
    """The time of a next step has come, and it is not done."""

    KEY = "activity_id"

    activity_id: int
    assignee_id: int
    subject: str
    about: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ActivityDone(Event):
    """A planned activity was done."""

    KEY = "activity_id"
    PARTY = "party_id"
    EXTERNAL = True

    activity_id: int
    party_id: int | None
    deal_id: int | None
    lead_id: int | None
    kind: str
    subject: str
    body: str
