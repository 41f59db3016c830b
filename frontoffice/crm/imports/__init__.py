"""What of CRM can be brought in from files."""

from frontoffice.crm.imports import activities, pipeline

__all__ = ["activities", "pipeline"]
