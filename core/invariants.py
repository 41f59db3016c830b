"""What a module reports when something that must always hold does not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One broken invariant: the rule, an offending row (``kind id``), and what was found instead, in words; of a figure also what it says
    (``actual``) and what follows from its source (``expected``)."""

    rule: str
    where: str
    message: str
    expected: str = ""
    actual: str = ""
