"""Leads, deals and activities as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.api.fields import MomentField
from core.catalog.models import Product
from core.parties.models import Contact, Party
from core.people.models import User
from frontoffice.crm.models import Activity, Deal, DealLine, Lead, LostReason, Pipeline, Stage


class StageSerializer(serializers.ModelSerializer[Stage]):
    """One step of a pipeline."""

    class Meta:
        model = Stage
        fields = ("id", "name", "position", "probability")
        read_only_fields = fields


class PipelineSerializer(serializers.ModelSerializer[Pipeline]):
    """One way of selling, in stages."""

    stages = StageSerializer(many=True, read_only=True)

    class Meta:
        model = Pipeline
        fields = ("id", "name", "stages")
        read_only_fields = fields


class LostReasonSerializer(serializers.ModelSerializer[LostReason]):
    """Why deals are lost."""

    class Meta:
        model = LostReason
        fields = ("id", "name")
        read_only_fields = fields


class LeadSerializer(serializers.ModelSerializer[Lead]):
    """Somebody who might want to buy, and what became of them."""

    class Meta:
        model = Lead
        fields = (
            "id", "status", "name", "company_name", "job_title", "email", "phone", "source", "owner", "note", "lost_because", "party",
            "deal", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class UpdateLeadSerializer(serializers.Serializer[Any]):
    """What may be changed about a lead."""

    name = serializers.CharField(max_length=160, required=False)
    company_name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    job_title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    source = serializers.ChoiceField(choices=Lead.Source.choices, required=False)  # type: ignore[assignment]  # a field of that name
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True)


class CreateLeadSerializer(UpdateLeadSerializer):
    """A new lead."""

    name = serializers.CharField(max_length=160)


class ConvertLeadSerializer(serializers.Serializer[Any]):
    """What a lead becomes. Without ``party`` the customer is found by the company's name, or made."""

    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all(), required=False, allow_null=True)
    deal_name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    estimate = serializers.DecimalField(max_digits=20, decimal_places=4, required=False)
    expected_close_date = serializers.DateField(required=False, allow_null=True)


class LoseLeadSerializer(serializers.Serializer[Any]):
    """Why, in words."""

    reason = serializers.CharField(max_length=300)


class DealLineSerializer(serializers.ModelSerializer[DealLine]):
    """One thing offered. ``discount`` is a fraction, 0 to 1; ``amount`` is rounded to the currency."""

    class Meta:
        model = DealLine
        fields = ("id", "position", "product", "description", "quantity", "unit_price", "discount", "amount")
        read_only_fields = fields


class DealSerializer(serializers.ModelSerializer[Deal]):
    """A sale that is worked for, with its lines."""

    lines = DealLineSerializer(many=True, read_only=True)
    stage_name = serializers.CharField(source="stage.name", read_only=True)
    party_name = serializers.CharField(source="party.name", read_only=True, allow_null=True)

    class Meta:
        model = Deal
        fields = (
            "id", "status", "name", "party", "party_name", "contact", "stage", "stage_name", "stage_since", "owner", "currency",
            "estimate", "amount", "expected_close_date", "note", "lost_reason", "lost_note", "closed_at", "lines", "version",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class NewDealLineSerializer(serializers.Serializer[Any]):
    """A line to offer. Without a product it needs a description and a price; without a price the customer's is taken."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all(), required=False, allow_null=True)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6, required=False, allow_null=True)
    discount = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)


class UpdateDealSerializer(serializers.Serializer[Any]):
    """What may be changed about an open deal. ``lines``, when sent, take the place of the old ones."""

    name = serializers.CharField(max_length=160, required=False)
    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all(), required=False, allow_null=True)
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all(), required=False, allow_null=True)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), required=False, allow_null=True)
    estimate = serializers.DecimalField(max_digits=20, decimal_places=4, required=False)
    expected_close_date = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True)
    lines = NewDealLineSerializer(many=True, required=False)


class OpenDealSerializer(UpdateDealSerializer):
    """A new deal, in the first stage unless said otherwise."""

    name = serializers.CharField(max_length=160)
    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.all(), required=False)


class MoveDealSerializer(serializers.Serializer[Any]):
    """Where to."""

    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.all())


class LoseDealSerializer(serializers.Serializer[Any]):
    """Why a deal is lost."""

    reason = serializers.PrimaryKeyRelatedField(queryset=LostReason.objects.all())
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ChangeDealLineSerializer(serializers.Serializer[Any]):
    """What may be changed about one line, named by its id."""

    line = serializers.PrimaryKeyRelatedField(queryset=DealLine.objects.all())
    description = serializers.CharField(max_length=300, required=False)
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    discount = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)


class RemoveDealLineSerializer(serializers.Serializer[Any]):
    """Which line."""

    line = serializers.PrimaryKeyRelatedField(queryset=DealLine.objects.all())


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    """What was done, or is to be done."""

    class Meta:
        model = Activity
        fields = (
            "id", "kind", "subject", "body", "due_at", "reminded_at", "done_at", "assignee", "party", "deal", "lead", "version", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ActivityFactsSerializer(serializers.Serializer[Any]):
    """A call, a mail, a meeting, a task, a thought."""

    kind = serializers.ChoiceField(choices=Activity.Kind.choices)
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(required=False, allow_blank=True)


class LogActivitySerializer(ActivityFactsSerializer):
    """What was done; just now, unless said otherwise."""

    done_at = MomentField(required=False, allow_null=True)


class PlanActivitySerializer(ActivityFactsSerializer):
    """What comes next, until when, and whose it is."""

    due_at = MomentField()
    assignee = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), required=False, allow_null=True)


class PlanForPartySerializer(PlanActivitySerializer):
    """The next step for a customer."""

    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())


class CompleteActivitySerializer(serializers.Serializer[Any]):
    """How it went."""

    outcome = serializers.CharField(required=False, allow_blank=True)
