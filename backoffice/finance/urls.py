"""Addresses of the books' screens."""

from django.utils.translation import gettext_lazy as _

from backoffice.finance.views import calendar, invoices, ledger, payments, reports, statements
from core.web.registry import name_module, routes

name_module(_("Finance"), "landmark", area="finance")
app_name = "finance"
urlpatterns = routes(
    invoices.Invoices,
    invoices.NewInvoice,
    invoices.InvoiceRecord,
    invoices.CreditNotes,
    invoices.NewCreditNote,
    payments.Payments,
    payments.NewPayment,
    payments.PaymentRecord,
    payments.AllocationRecord,
    payments.CreditTerms,
    payments.SetCreditTerms,
    payments.CreditTermsRecord,
    ledger.Entries,
    ledger.NewEntry,
    ledger.EntryRecord,
    ledger.Accounts,
    ledger.NewAccount,
    ledger.InstallChart,
    ledger.AccountRecord,
    ledger.EditAccount,
    calendar.Periods,
    calendar.OpenFiscalYear,
    calendar.PeriodRecord,
    calendar.Taxes,
    calendar.NewTax,
    calendar.TaxRecord,
    calendar.TaxRuleRecord,
    reports.TrialBalance,
    reports.GeneralLedger,
    statements.ProfitAndLoss,
    statements.BalanceSheet,
    reports.AgedReceivables,
)
