"""Charts of accounts to start with."""

from backoffice.finance.operations.charts.chart import Chart, ChartAccount, ChartTax
from backoffice.finance.operations.charts.general import GENERAL
from backoffice.finance.operations.charts.indonesia import INDONESIA

CHARTS = {"general": GENERAL, "indonesia": INDONESIA}

__all__ = ["CHARTS", "Chart", "ChartAccount", "ChartTax"]
