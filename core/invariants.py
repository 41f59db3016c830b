"""What a module reports when something that must always hold does not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One broken invariant: the rule, the first offending row (``kind id``), and what was found instead, in words."""

    rule: str
    where: str
    message: str
