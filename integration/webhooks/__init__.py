"""Webhooks out: events told to other people's systems, signed as Standard Webhooks lays down. See docs/webhooks.md.

``publish()`` writes one message for each endpoint that asked for the event, in the commit of the event; a worker sends it later, outside of
any transaction, with the same id however often; every attempt is kept.
"""
