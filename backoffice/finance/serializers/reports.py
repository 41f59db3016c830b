"""The reports as the API gives them."""

from datetime import date
from typing import Any

from rest_framework import serializers

from backoffice.finance.models import Account
from backoffice.finance.serializers.fields import money


class ReportQuerySerializer(serializers.Serializer[Any]):
    """Every report comes as JSON, or with ``export`` as a file."""

    export = serializers.ChoiceField(choices=["csv", "xlsx"], required=False)


class AsOfSerializer(ReportQuerySerializer):
    """A day."""

    on = serializers.DateField()


class UntilSerializer(ReportQuerySerializer):
    """Up to a day, from another one when it is given."""

    end = serializers.DateField()
    start = serializers.DateField(required=False)


class RangeSerializer(ReportQuerySerializer):
    """From a day to a day, both included."""

    start = serializers.DateField()
    end = serializers.DateField()

    def validate(self, attrs: dict[str, date]) -> dict[str, date]:
        """In that order."""
        if attrs["end"] < attrs["start"]:
            raise serializers.ValidationError({"end": "It ends before it starts."})
        return attrs


class LedgerSerializer(RangeSerializer):
    """An account, from a day to a day."""

    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.all())


class AccountBalanceSerializer(serializers.Serializer[Any]):
    """An account over a stretch of time, debit positive."""

    account_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    opening = money()
    debit = money()
    credit = money()
    closing = money()


class TrialBalanceSerializer(serializers.Serializer[Any]):
    """The sums of all accounts."""

    start = serializers.DateField(allow_null=True)
    end = serializers.DateField()
    currency = serializers.CharField()
    rows = AccountBalanceSerializer(many=True)
    debit = money()
    credit = money()
    closing = money()


class LedgerLineSerializer(serializers.Serializer[Any]):
    """One line on an account, and the balance after it."""

    entry_id = serializers.IntegerField()
    entry_number = serializers.CharField()
    entry_date = serializers.DateField()
    memo = serializers.CharField()
    party = serializers.CharField()
    source_kind = serializers.CharField()
    source_id = serializers.IntegerField(allow_null=True)
    source_number = serializers.CharField()
    debit = money()
    credit = money()
    balance = money()


class GeneralLedgerSerializer(serializers.Serializer[Any]):
    """One account, line by line."""

    account_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    currency = serializers.CharField()
    opening = money()
    lines = LedgerLineSerializer(many=True)
    debit = money()
    credit = money()
    closing = money()


class StatementAmountSerializer(serializers.Serializer[Any]):
    """One account's amount on a statement."""

    account_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    amount = money()


class StatementSectionSerializer(serializers.Serializer[Any]):
    """A group of accounts, and what they come to."""

    rows = StatementAmountSerializer(many=True)
    total = money()


class ProfitAndLossSerializer(serializers.Serializer[Any]):
    """What came in and what it cost."""

    start = serializers.DateField()
    end = serializers.DateField()
    currency = serializers.CharField()
    income = StatementSectionSerializer()
    cost_of_goods = StatementSectionSerializer()
    gross_profit = money()
    expenses = StatementSectionSerializer()
    result = money()


class BalanceSheetSerializer(serializers.Serializer[Any]):
    """What the company owns and owes. ``difference`` is nothing."""

    on = serializers.DateField()
    currency = serializers.CharField()
    assets = StatementSectionSerializer()
    liabilities = StatementSectionSerializer()
    equity = StatementSectionSerializer()
    earlier_result = money()
    current_result = money()
    total_equity = money()
    difference = money()


class AgedSerializer(serializers.Serializer[Any]):
    """What one customer owes, by how long it is overdue."""

    customer_id = serializers.IntegerField()
    customer = serializers.CharField()
    not_due = money()
    days_1_30 = money()
    days_31_60 = money()
    days_61_90 = money()
    over_90 = money()
    total = money()


class AgedReceivablesSerializer(serializers.Serializer[Any]):
    """Who owes what, and for how long."""

    on = serializers.DateField()
    currency = serializers.CharField()
    rows = AgedSerializer(many=True)
    total = AgedSerializer()
