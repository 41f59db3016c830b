"""What is typed about what waits."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Who asked for it reads this.")
    )


class WordsForm(forms.Form):
    """Why."""

    words = forms.CharField(
        label=_("Why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Who checks it reads this.")
    )


class ConflictsForm(forms.Form):
    """By whom, and whether to leave out what a rule eases."""

    by = forms.ChoiceField(label=_("By"), choices=[("person", _("Person")), ("role", _("Role"))], required=False)
    only_open = forms.BooleanField(label=_("Only what no rule eases"), required=False)
