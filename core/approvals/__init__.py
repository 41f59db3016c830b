"""Deeds that a second person checks: declared beside the operation, demanded by the owner, decided on one page.

An operation says that it may be held, whose word it then waits for, and what it would change, in words::

    @held(
        "finance.void_payment",                       # app and operation: also the permission of who asks
        title=_("Void a payment"),
        needs="finance.approve_void",                 # the permission of who checks, in the model's Meta and in permissions.py
        about="payment",                              # the argument that names the record, if any
        tell=void_told,                               # void_told(**arguments) gives Told(label, before, after)
        words="reason",                               # the argument in which the maker says why
    )
    def void_payment(payment: Payment, *, reason: str, on: date | None = None, by: User) -> Payment: ...

``when`` says for which calls (``when(by=..., **arguments)``), ``against`` who may not check although they hold the permission,
``always`` that no owner can do without, ``hashed`` which arguments are passwords, ``collected`` that only the maker may see what comes of it.

Nothing else changes: pages, API, clerk screens and imports call the operation as before. Where the owner demands a second person
(``SecondPerson``), and a person or a service calls it, the call is tried and taken back, so that what would be refused is refused at once;
then it is written down as an ``Approval`` and ``WaitsForSecond`` is raised. Whoever may check it approves it (``approve_request``): only
then the operation runs, in the maker's name and with their rights as they are by then. Nobody checks what they asked for: a CHECK.

Arguments are kept as JSON by the types the signature declares (``codec``); what is none of these fails when it is asked for.

Duties that one person should not hold together stand in each module's ``permissions.py``, beside its grants::

    CONFLICTS = (Conflict("pays-and-approves", _("..."), Duty(_("Posts entries"), "finance.post_entry"), Duty(...), eased_by=("finance.post_entry",)),)
"""
