"""What is typed about persons' own rights."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.privacy.models import PrivacyRequest
from core.web import ui


class RequestForm(forms.Form):
    """Who asks for what."""

    kind = forms.ChoiceField(label=_("They want"), choices=PrivacyRequest.Kind.choices)
    party = ui.LookupField("privacy.person", label=_("Person"), required=False, help_text=_("A contact or a customer we know."))
    user = forms.ModelChoiceField(
        User.objects.filter(kind=User.Kind.HUMAN).order_by("name"), label=_("Colleague"), required=False, empty_label=_("Nobody of ours")
    )
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Only for somebody we know by nothing else, such as a lead."))
    how = forms.CharField(label=_("How they asked"), max_length=300, required=False, help_text=_("And how you know it is them."))
    received_on = ui.DayField(label=_("Received"), required=False)
    due_on = ui.DayField(label=_("Due"), required=False, help_text=_("Within a month, if you leave it empty."))


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RetentionForm(forms.Form):
    """For how long."""

    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=36500, help_text=_("0 keeps it for ever."))
