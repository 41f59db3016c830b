"""What a form says before anybody types, read as if it had been sent: the first preview is drawn with the page."""

from typing import Any

from django import forms
from django.db.models import Model


def read(form: forms.Form) -> forms.Form:
    """A form with what stands in it, as if it had been sent."""
    return type(form)(form.data if form.is_bound else standing(form), form.files, initial=form.initial)


def read_lines(lines: Any) -> Any:
    """The rows of a grid with what stands in them, as if they had been sent."""
    if lines is None:
        return None
    data = lines.data
    if not lines.is_bound:
        data = {f"{lines.prefix}-{name}": value for name, value in lines.management_form.initial.items()}
        for form in lines.forms:
            data |= standing(form)
    return type(lines)(data, prefix=lines.prefix, initial=lines.initial)


def standing(form: forms.BaseForm) -> dict[str, Any]:
    """The fields as they stand. A record stays a record: nobody has to look it up again."""
    stands = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        stands[form.add_prefix(name)] = value if isinstance(value, Model) else field.prepare_value(value)
    return stands
