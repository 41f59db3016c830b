"""Setting up a known world through the real operations."""
