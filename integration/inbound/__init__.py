"""Webhooks in: other people's systems tell us something; it is checked, kept as it came, and becomes an operation. See docs/webhooks.md."""
