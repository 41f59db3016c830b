"""Who may do what with a record's files: they inherit the record's rights."""

from django.apps import apps
from django.db import models

from core.people.models import User
from core.people.visibility import seen_by


def record_of(kind: str, pk: int, user: User) -> models.Model | None:
    """The record a file hangs on, when it exists and ``user`` may see it; None otherwise."""
    app, _dot, name = kind.partition(".")
    try:
        model = apps.get_model(app, name)
    except LookupError:
        return None
    rows = model._default_manager.all()
    files_visible_to = getattr(rows, "files_visible_to", None)  # rows whose files are more private, or less, than themselves
    if files_visible_to is None and not user.has_perm(f"{app}.view_{name}"):
        return None
    record: models.Model | None = (files_visible_to(user) if files_visible_to else seen_by(rows, user)).filter(pk=pk).first()
    return record


def may_attach(kind: str, user: User) -> bool:
    """Whether somebody who sees a record may also add and remove files: whoever may do anything there but look."""
    app = kind.partition(".")[0]
    return any(permission.startswith(f"{app}.") and not permission.startswith(f"{app}.view_") for permission in user.get_all_permissions())
