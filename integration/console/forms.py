"""What the operator types."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SkipForm(forms.Form):
    """Why a delivery is given up."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))
