"""Founding the company: everything the modules need before the first customer comes."""

from datetime import date

from django.utils import translation

from backoffice.finance import operations as finance
from backoffice.inventory import operations as inventory
from core.catalog.operations import install_units
from core.parties.models import Company
from core.parties.operations import found_company
from core.people.models import User
from frontoffice.crm import operations as crm


def found(
    *,
    name: str,
    country: str,
    currency: str,
    chart: str,
    first_year: date,
    by: User,
    fiscal_year_start_month: int = 1,
    time_zone: str = "Asia/Jakarta",
    language: str = "en",
) -> Company:
    """Found the company with units, chart of accounts, the fiscal year of ``first_year``, a warehouse and a pipeline.

    Journals, places, stages and lost reasons are called as ``language`` calls them; all can be renamed.
    """
    company = found_company(
        name=name,
        country=country,
        currency=currency,
        fiscal_year_start_month=fiscal_year_start_month,
        time_zone=time_zone,
        by=by,
    )
    with translation.override(language):
        install_units(by=by)
        finance.install_chart(chart, by=by)
        finance.open_fiscal_year(first_year, by=by)
        inventory.install_warehouse(by=by)
        crm.install_pipeline(by=by)
    return company
