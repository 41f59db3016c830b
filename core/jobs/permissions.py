"""What each role may do with jobs beyond its own."""

GRANTS: dict[str, tuple[str, ...]] = {"it": ("view_job", "cancel_job", "retry_job")}
"""Everybody sees, cancels and repeats their own jobs, whatever their role."""
