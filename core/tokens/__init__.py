"""Tokens let programs in: for a person (with some or all of that person's rights) or for a service, which is nobody's password.

A token is shown once and kept as a hash. It ends on a day, by a word of its owner, or with its owner's access. What it may do is what its
``scopes`` name and its owner may, whichever is less; without scopes it is everything its owner may.
"""
