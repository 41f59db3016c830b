"""The financial reports in the API: JSON, or a file with ``?export=csv`` and ``?export=xlsx``."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.finance import reports
from backoffice.finance.serializers import reports as shapes
from core.api.reach import within_reach
from core.api.viewsets import ReportViewSet
from core.events.cause import acting
from core.people.hiding import hidden_in
from core.people.models import User
from core.web import exports

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
ACCOUNT = ("section", "code", "name", "amount")


def as_figures_or_file(shape: type[serializers.Serializer[Any]]) -> dict[Any, Any]:
    """What a report answers with: figures, or the file that was asked for."""
    return {(200, "application/json"): shape, (200, "text/csv"): OpenApiTypes.BINARY, (200, exports.XLSX): OpenApiTypes.BINARY}


class FinancialReport(ReportViewSet, ABC):
    """What the five reports have in common."""

    permission = "finance.view_reports"
    asks: ClassVar[type[serializers.Serializer[Any]]]

    @abstractmethod
    def compute(self, asked: dict[str, Any]) -> Any:
        """The report."""

    @abstractmethod
    def table(self, found: Any) -> Table:
        """The report as one flat table."""

    def worked_out(self, found: Any) -> Mapping[str, Any]:
        """What stands below the table: figures that follow from it, each hidden from whom it is hidden elsewhere."""
        return {}

    def answered(self, request: Request) -> HttpResponseBase:
        """The report as it was asked for."""
        asked = self.asks(data=request.query_params.dict())
        within_reach(asked, User.of(request))
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        export = data.pop("export", "")
        with acting(by=User.of(request)):
            found = self.compute(data)
        if export:
            header, rows = self.table(found)
            figures = self.worked_out(found)
            hidden = hidden_in(type(self.get_serializer()), figures, User.of(request))
            rows = [*rows, *((name, "", "", amount) for name, amount in figures.items() if name not in hidden)]
            return exports.download(export, self.get_view_name(), header, rows)
        return Response(self.get_serializer(found).data)


class TrialBalanceView(FinancialReport):
    """The sums of all accounts."""

    name = "Trial balance"
    serializer_class = shapes.TrialBalanceSerializer
    asks = shapes.UntilSerializer

    @extend_schema(parameters=[shapes.UntilSerializer], responses=as_figures_or_file(shapes.TrialBalanceSerializer))
    def list(self, request: Request) -> HttpResponseBase:
        """As of a day, or over a stretch of time."""
        return self.answered(request)

    def compute(self, asked: dict[str, Any]) -> reports.TrialBalance:
        """The report."""
        return reports.trial_balance(**asked)

    def table(self, found: reports.TrialBalance) -> Table:
        """One line an account."""
        header = ("code", "name", "kind", "opening", "debit", "credit", "closing")
        return header, [[getattr(row, name) for name in header] for row in found.rows]


class GeneralLedgerView(FinancialReport):
    """Every line of an account."""

    name = "General ledger"
    serializer_class = shapes.GeneralLedgerSerializer
    asks = shapes.LedgerSerializer

    @extend_schema(parameters=[shapes.LedgerSerializer], responses=as_figures_or_file(shapes.GeneralLedgerSerializer))
    def list(self, request: Request) -> HttpResponseBase:
        """With the running balance."""
        return self.answered(request)

    def compute(self, asked: dict[str, Any]) -> reports.GeneralLedger:
        """The report."""
        return reports.general_ledger(**asked)

    def table(self, found: reports.GeneralLedger) -> Table:
        """One line a line."""
        header = ("entry_date", "entry_number", "memo", "party", "source_number", "debit", "credit", "balance")
        return header, [[getattr(line, name) for name in header] for line in found.lines]


class ProfitAndLossView(FinancialReport):
    """What came in and what it cost."""

    name = "Profit and loss"
    serializer_class = shapes.ProfitAndLossSerializer
    asks = shapes.RangeSerializer

    @extend_schema(parameters=[shapes.RangeSerializer], responses=as_figures_or_file(shapes.ProfitAndLossSerializer))
    def list(self, request: Request) -> HttpResponseBase:
        """Between two days, both included."""
        return self.answered(request)

    def compute(self, asked: dict[str, Any]) -> reports.ProfitAndLoss:
        """The report."""
        return reports.profit_and_loss(**asked)

    def table(self, found: reports.ProfitAndLoss) -> Table:
        """One line an account."""
        return ACCOUNT, sections(income=found.income, cost_of_goods=found.cost_of_goods, expenses=found.expenses)

    def worked_out(self, found: reports.ProfitAndLoss) -> Mapping[str, Any]:
        """The margin, and what is left."""
        return {"gross_profit": found.gross_profit, "result": found.result}


class BalanceSheetView(FinancialReport):
    """What the company owns and owes."""

    name = "Balance sheet"
    serializer_class = shapes.BalanceSheetSerializer
    asks = shapes.AsOfSerializer

    @extend_schema(parameters=[shapes.AsOfSerializer], responses=as_figures_or_file(shapes.BalanceSheetSerializer))
    def list(self, request: Request) -> HttpResponseBase:
        """At the end of a day."""
        return self.answered(request)

    def compute(self, asked: dict[str, Any]) -> reports.BalanceSheet:
        """The report."""
        return reports.balance_sheet(**asked)

    def table(self, found: reports.BalanceSheet) -> Table:
        """One line an account."""
        return ACCOUNT, sections(assets=found.assets, liabilities=found.liabilities, equity=found.equity)

    def worked_out(self, found: reports.BalanceSheet) -> Mapping[str, Any]:
        """What was earned, and what is the owners' altogether."""
        return {name: getattr(found, name) for name in ("earlier_result", "current_result", "total_equity")}


class AgedReceivablesView(FinancialReport):
    """Who owes what, and for how long."""

    name = "Aged receivables"
    serializer_class = shapes.AgedReceivablesSerializer
    asks = shapes.AsOfSerializer

    @extend_schema(parameters=[shapes.AsOfSerializer], responses=as_figures_or_file(shapes.AgedReceivablesSerializer))
    def list(self, request: Request) -> HttpResponseBase:
        """At the end of a day."""
        return self.answered(request)

    def compute(self, asked: dict[str, Any]) -> reports.AgedReceivables:
        """The report."""
        return reports.aged_receivables(**asked)

    def table(self, found: reports.AgedReceivables) -> Table:
        """One line a customer."""
        header = ("customer", "not_due", "days_1_30", "days_31_60", "days_61_90", "over_90", "total")
        return header, [[getattr(row, name) for name in header] for row in found.rows]


def sections(**named: reports.Section) -> Iterable[Sequence[Any]]:
    """The accounts of several sections of a statement."""
    for name, section in named.items():
        for row in section.rows:
            yield (name, row.code, row.name, row.amount)


ROUTES = [
    ("reports/trial-balance", TrialBalanceView),
    ("reports/general-ledger", GeneralLedgerView),
    ("reports/profit-and-loss", ProfitAndLossView),
    ("reports/balance-sheet", BalanceSheetView),
    ("reports/aged-receivables", AgedReceivablesView),
]
