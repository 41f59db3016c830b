"""What is to happen outside the database: written down with the change that wants it, done later by a worker, its answer recorded.

``request_effect("mail", {...}, key=..., about=record, by=user)`` inside an operation's transaction writes one row; the same key is one
effect, however often it is asked for. ``integration.effects`` carries it out: at least once, never inside a transaction of ours.
"""
