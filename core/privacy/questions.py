"""What privacy needs to know of everybody else."""

from dataclasses import dataclass

from core.events.question import Question


@dataclass(frozen=True)
class UnfinishedBusiness(Question[tuple[str, ...]]):
    """What is still open with a party, in words: an erasure waits for it to end."""

    party_id: int
