"""Forms as a person is asked them: without the fields they may not see."""

from typing import Any

from django import forms

from core.people.hiding import hidden_in


def asking(form: type[forms.Form], user: Any) -> type[forms.Form]:
    """A form without the fields somebody may not see; the form itself when they may see all of it."""
    hidden = hidden_in(form, form.base_fields, user)
    return type(form.__name__, (form,), {"__module__": form.__module__, **dict.fromkeys(hidden)}) if hidden else form


def cannot_do_without(form: type[forms.Form], user: Any) -> bool:
    """Whether a form asks for something that somebody may not see, and that cannot be left out."""
    return any(form.base_fields[name].required for name in hidden_in(form, form.base_fields, user))
