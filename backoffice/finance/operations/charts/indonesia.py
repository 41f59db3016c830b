"""A chart for an Indonesian trading company. PPN is 12 % of 11/12 of the price for all but luxury goods: 11 % in effect."""

from decimal import Decimal

from backoffice.finance.operations.charts.chart import Chart, ChartAccount, ChartTax

INDONESIA = Chart(
    name="Indonesia",
    accounts=(
        ChartAccount("1-1100", "Kas", "asset", "cash"),
        ChartAccount("1-1200", "Bank", "asset", "bank"),
        ChartAccount("1-1300", "Piutang usaha", "asset", "receivable"),
        ChartAccount("1-1400", "Persediaan barang dagang", "asset", "stock"),
        ChartAccount("1-1500", "PPN masukan", "asset"),
        ChartAccount("1-1600", "Biaya dibayar di muka", "asset"),
        ChartAccount("1-2100", "Peralatan kantor", "asset"),
        ChartAccount("1-2190", "Akumulasi penyusutan peralatan", "asset"),
        ChartAccount("2-1100", "Utang usaha", "liability"),
        ChartAccount("2-1200", "Barang diterima belum ditagih", "liability", "goods_received"),
        ChartAccount("2-1300", "Uang muka pelanggan", "liability", "customer_deposits"),
        ChartAccount("2-1400", "PPN keluaran", "liability", "output_tax"),
        ChartAccount("2-1500", "Utang PPh", "liability"),
        ChartAccount("2-1600", "Utang gaji", "liability"),
        ChartAccount("2-2100", "Utang bank", "liability"),
        ChartAccount("3-1100", "Modal disetor", "equity"),
        ChartAccount("3-1200", "Saldo awal", "equity", "opening_balance"),
        ChartAccount("4-1100", "Penjualan", "income", "revenue"),
        ChartAccount("4-1200", "Pendapatan ongkos kirim dan jasa", "income", "freight_revenue"),
        ChartAccount("4-9100", "Pendapatan lain-lain", "income"),
        ChartAccount("5-1100", "Harga pokok penjualan", "expense", "cost_of_goods"),
        ChartAccount("5-1200", "Selisih persediaan", "expense", "stock_adjustment"),
        ChartAccount("6-1100", "Gaji dan tunjangan", "expense"),
        ChartAccount("6-1200", "Sewa", "expense"),
        ChartAccount("6-1300", "Listrik, air dan telekomunikasi", "expense"),
        ChartAccount("6-1400", "Pemasaran", "expense"),
        ChartAccount("6-1500", "Penyusutan", "expense"),
        ChartAccount("6-1600", "Pengiriman", "expense"),
        ChartAccount("6-8100", "Biaya administrasi bank", "expense"),
        ChartAccount("6-9100", "Pembulatan", "expense", "rounding"),
    ),
    taxes=(
        ChartTax("PPN", "PPN 11 %", Decimal("0.11"), ("standard", "reduced")),
        ChartTax("PPN0", "PPN 0 %", Decimal(0), ("zero",)),
    ),
)
