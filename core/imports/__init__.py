"""Bringing records in from files: read rows, map columns, validate, try dry, write once by external id, repeat without doubling.

Two ways in. A migration from another system is code (``integration/importing``): ``reading``, ``mapping``, ``importer``. A file somebody
has on their desk goes through the wizard: a module declares what it lets in with ``provide(ImportKind(...))`` in its ``imports.py`` (see
``kinds``), and gets upload (``uploads``: encoding, separator, header row, limits), matching of columns by name, synonym and memory, a
check of every row through its real operations, correction in the page, the import and its revert as background jobs (``working``),
a template, the button on its lists, and the API.

Most rows are a record; a kind may say that those sharing a reference make one (``groups``): an order with its lines, an entry that balances.

A check runs the operations and rolls each row back, rather than validating beside them: so it finds what only the operation knows (a
tax number's digits, a code somebody took), there is one set of rules, and no row's locks are held longer than the row takes.
"""
