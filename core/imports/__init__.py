"""Bringing records in from files: read rows, map columns, validate, try dry, write once by external id, repeat without doubling."""
