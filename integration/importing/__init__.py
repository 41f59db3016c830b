"""Bringing whole companies in from elsewhere."""
