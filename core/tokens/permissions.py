"""What each role may do with other people's tokens and with services. Everybody has their own tokens."""

GRANTS: dict[str, tuple[str, ...]] = {
    "it": ("view_token", "revoke_token"),
}
