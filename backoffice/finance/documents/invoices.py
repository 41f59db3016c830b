"""Invoices and credit notes on paper."""

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Invoice, InvoiceLine
from core.parties.models import Address
from core.printing.documents import document
from core.printing.letterhead import addressee
from core.printing.paper import Column, Fact, Paper, Remark, Row, Table, Total
from core.printing.wording import Written, amounts, day, price
from core.web import figures


def is_invoice(bill: Invoice) -> bool:
    """What a customer owes."""
    return not bill.is_credit_note


def is_credit_note(bill: Invoice) -> bool:
    """What we owe a customer."""
    return bill.is_credit_note


@document("finance.invoice", "invoice", _("Invoice"), when=is_invoice, icon="receipt-text")
def invoice(bill: Invoice) -> Paper:
    """What the customer owes for what they got, and by when."""
    lines = _lines_of(bill)
    written = _written(bill, lines)
    paid = bill.total - bill.residual
    asked = gettext("%(amount)s due %(day)s") % {"amount": written(bill.residual), "day": day(bill.due_on)}
    facts = [
        Fact(gettext("Invoice date"), day(bill.issued_on)),
        Fact(gettext("Due date"), day(bill.due_on)),
        Fact(gettext("Order"), bill.order_number),
    ]
    settled = (
        (Total(gettext("Already paid"), written(-paid)), Total(gettext("Amount due"), written(bill.residual), strong=True)) if paid else ()
    )
    return Paper(
        title=gettext("Invoice"),
        number=bill.number,
        made_on=bill.issued_on,
        to_label=gettext("Bill to"),
        to=addressee(bill.customer, Address.Kind.BILLING, Address.Kind.OFFICE),
        facts=tuple(fact for fact in facts if fact.value),
        headline=asked if bill.residual else gettext("Paid in full, thank you"),
        tables=(_table(bill, lines, written),),
        totals=(*_totals(bill, written), *settled),
        remarks=(Remark(gettext("Note"), bill.memo),) if bill.memo else (),
        with_bank_details=bool(bill.residual),
        with_terms=True,
        cover=gettext("Please find attached invoice %(number)s over %(total)s, due on %(day)s.")
        % {"number": bill.number, "total": written(bill.total), "day": day(bill.due_on)},
    )


@document("finance.invoice", "credit-note", _("Credit note"), when=is_credit_note, icon="undo-2")
def credit_note(bill: Invoice) -> Paper:
    """What the customer gets back, and why."""
    lines = _lines_of(bill)
    written = _written(bill, lines)
    facts = [
        Fact(gettext("Date"), day(bill.issued_on)),
        Fact(gettext("Order"), bill.order_number),
        Fact(gettext("Credit left"), written(bill.residual) if bill.residual else ""),
    ]
    return Paper(
        title=gettext("Credit note"),
        number=bill.number,
        made_on=bill.issued_on,
        to_label=gettext("Credited to"),
        to=addressee(bill.customer, Address.Kind.BILLING, Address.Kind.OFFICE),
        facts=tuple(fact for fact in facts if fact.value),
        headline=gettext("%(amount)s credited to you") % {"amount": written(bill.total)},
        headnote=bill.memo,
        tables=(_table(bill, lines, written),),
        totals=_totals(bill, written),
        cover=gettext("Please find attached credit note %(number)s over %(total)s.")
        % {"number": bill.number, "total": written(bill.total)},
    )


def _lines_of(bill: Invoice) -> list[InvoiceLine]:
    return list(bill.lines.select_related("product__unit").order_by("pk"))


def _written(bill: Invoice, lines: Sequence[InvoiceLine]) -> Written:
    return amounts(
        bill.currency, [bill.net, bill.tax, bill.total, bill.residual, *(line.net for line in lines), *(line.total for line in lines)]
    )


def _table(bill: Invoice, lines: Sequence[InvoiceLine], written: Written) -> Table:
    discounted = any(line.discount for line in lines)
    heads = [
        Column(gettext("Description"), wide=True),
        Column(gettext("Quantity"), figures=True),
        Column(gettext("Unit price"), figures=True),
    ]
    heads += [Column(gettext("Discount"), figures=True)] if discounted else []
    amount = gettext("Amount with tax") if bill.prices_include_tax and bill.tax else gettext("Amount")
    return Table(
        (*heads, Column(amount, figures=True)),
        tuple(
            Row(
                (
                    line.description,
                    figures.quantity(line.quantity, line.product.unit.code if line.product else ""),
                    price(line.unit_price, bill.currency),
                    *([figures.percent(line.discount) if line.discount else ""] if discounted else []),
                    written(line.total if bill.prices_include_tax else line.net),
                ),
                note=line.product.sku if line.product else "",
            )
            for line in lines
        ),
    )


def _totals(bill: Invoice, written: Written) -> tuple[Total, ...]:
    """Net, each tax with what it is on, and what it comes to."""
    taxes = [
        Total(
            gettext("%(tax)s %(rate)s on %(base)s") % {"tax": row.tax.name, "rate": figures.percent(row.rate), "base": written(row.base)}
            if figures.percent(row.rate).replace("\N{NO-BREAK SPACE}", "") not in row.tax.name.replace(" ", "")
            else gettext("%(tax)s on %(base)s") % {"tax": row.tax.name, "base": written(row.base)},
            written(row.amount),
        )
        for row in bill.taxes.select_related("tax").order_by("pk")
    ]
    total = Total(gettext("Total"), written(bill.total), strong=True)
    return (Total(gettext("Net"), written(bill.net)), *taxes, total) if taxes else (total,)
