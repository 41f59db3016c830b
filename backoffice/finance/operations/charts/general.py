"""A small chart for any trading company. It brings no tax."""

from backoffice.finance.operations.charts.chart import Chart, ChartAccount

GENERAL = Chart(
    name="General",
    accounts=(
        ChartAccount("1000", "Cash", "asset", "cash"),
        ChartAccount("1010", "Bank", "asset", "bank"),
        ChartAccount("1100", "Accounts receivable", "asset", "receivable"),
        ChartAccount("1200", "Stock", "asset", "stock"),
        ChartAccount("1500", "Equipment", "asset"),
        ChartAccount("1590", "Accumulated depreciation", "asset"),
        ChartAccount("2000", "Accounts payable", "liability"),
        ChartAccount("2010", "Goods received, not billed", "liability", "goods_received"),
        ChartAccount("2100", "Customer deposits", "liability", "customer_deposits"),
        ChartAccount("2200", "Sales tax payable", "liability", "output_tax"),
        ChartAccount("2500", "Loans", "liability"),
        ChartAccount("3000", "Capital", "equity"),
        ChartAccount("3100", "Opening balances", "equity", "opening_balance"),
        ChartAccount("4000", "Sales", "income", "revenue"),
        ChartAccount("4100", "Freight and other charges", "income", "freight_revenue"),
        ChartAccount("4900", "Other income", "income"),
        ChartAccount("5000", "Cost of goods sold", "expense", "cost_of_goods"),
        ChartAccount("5100", "Stock adjustments", "expense", "stock_adjustment"),
        ChartAccount("6000", "Salaries", "expense"),
        ChartAccount("6100", "Rent", "expense"),
        ChartAccount("6200", "Office and utilities", "expense"),
        ChartAccount("6300", "Marketing", "expense"),
        ChartAccount("6400", "Depreciation", "expense"),
        ChartAccount("6800", "Bank charges", "expense"),
        ChartAccount("6900", "Rounding", "expense", "rounding"),
    ),
)
