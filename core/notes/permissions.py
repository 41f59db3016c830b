"""Who may note something: everybody who works here. The auditor looks, and writes nothing."""

_write = ("view_note", "write_note")

GRANTS: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("sales", "support", "marketing", "storekeeper", "accountant", "hr", "legal", "it"), _write
)
