"""The known cast: one company, its people, products and customers. The demo shows them, the tests use them."""

from dataclasses import dataclass
from decimal import Decimal

from core.catalog.models import Product
from core.people.roles import Role

COMPANY = "PT Nusantara Maju"
PASSWORD = "satu-demo-2026"  # noqa: S105 - everybody may know it
"""The password of every demo sign-in. Demo mode refuses to be reached from another machine."""


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at the company."""

    email: str
    name: str
    job_title: str
    role: Role


@dataclass(frozen=True)
class Article:
    """Something the company sells. ``price`` and ``cost`` are rupiah for one ``unit``, before tax."""

    sku: str
    name: str
    category: str
    unit: str
    price: Decimal
    cost: Decimal
    kind: str = Product.Kind.GOODS


@dataclass(frozen=True)
class Client:
    """A customer, with the person one speaks to there."""

    name: str
    city: str
    industry: str
    contact: str
    job_title: str
    credit_limit: Decimal | None = None


@dataclass(frozen=True)
class Supplier:
    """Where the goods of some categories come from, with the person one speaks to there."""

    name: str
    city: str
    industry: str
    contact: str
    job_title: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """A price list: for one client, or for everybody. ``terms`` take a share off the catalogue's price of a SKU, from so many pieces on;
    ``since`` and ``until`` are days counted from the day the story is told."""

    name: str
    terms: tuple[tuple[str, int, Decimal], ...]
    client: str = ""
    since: int | None = None
    until: int | None = None


COLLEAGUES = (
    Colleague("hendra@nusantara.example", "Hendra Gunawan", "Managing director", Role.OWNER),
    Colleague("dewi@nusantara.example", "Dewi Lestari", "Account executive", Role.SALES),
    Colleague("agus@nusantara.example", "Agus Pratama", "Account executive", Role.SALES),
    Colleague("budi@nusantara.example", "Budi Santoso", "Warehouse lead", Role.STOREKEEPER),
    Colleague("siti@nusantara.example", "Siti Rahma", "Finance manager", Role.ACCOUNTANT),
    Colleague("maya@nusantara.example", "Maya Putri", "Customer support", Role.SUPPORT),
    Colleague("rina@nusantara.example", "Rina Wijaya", "Marketing manager", Role.MARKETING),
    Colleague("andi@nusantara.example", "Andi Saputra", "HR manager", Role.HR),
    Colleague("lina@nusantara.example", "Lina Hartono", "Legal counsel", Role.LEGAL),
    Colleague("joko@nusantara.example", "Joko Susilo", "IT manager", Role.IT),
    Colleague("ratna@nusantara.example", "Ratna Dewanti", "Auditor", Role.AUDITOR),
)

ARTICLES = (
    Article("DESK-140", "Standing desk 140", "Furniture", "pcs", Decimal(4_750_000), Decimal(2_900_000)),
    Article("DESK-180", "Standing desk 180", "Furniture", "pcs", Decimal(5_950_000), Decimal(3_650_000)),
    Article("CHAIR-ERG", "Ergonomic chair", "Furniture", "pcs", Decimal(3_200_000), Decimal(1_850_000)),
    Article("CHAIR-VIS", "Visitor chair", "Furniture", "pcs", Decimal(1_150_000), Decimal(640_000)),
    Article("CAB-3D", "Cabinet, three drawers", "Furniture", "pcs", Decimal(2_100_000), Decimal(1_240_000)),
    Article("LAMP-LED", "LED desk lamp", "Lighting", "pcs", Decimal(485_000), Decimal(255_000)),
    Article("MON-27", "Monitor 27 inch 4K", "Electronics", "pcs", Decimal(5_400_000), Decimal(4_150_000)),
    Article("DOCK-USBC", "USB-C docking station", "Electronics", "pcs", Decimal(2_650_000), Decimal(1_780_000)),
    Article("KEY-WL", "Wireless keyboard", "Electronics", "pcs", Decimal(925_000), Decimal(560_000)),
    Article("MOUSE-WL", "Wireless mouse", "Electronics", "pcs", Decimal(415_000), Decimal(230_000)),
    Article("HEAD-NC", "Noise-cancelling headset", "Electronics", "pcs", Decimal(1_890_000), Decimal(1_210_000)),
    Article("PAPER-A4", "Paper A4, box of 5 reams", "Supplies", "pcs", Decimal(285_000), Decimal(214_000)),
    Article("INSTALL", "Installation on site", "Services", "h", Decimal(350_000), Decimal(0), Product.Kind.SERVICE),
    Article("PLAN", "Workplace planning", "Services", "day", Decimal(4_800_000), Decimal(0), Product.Kind.SERVICE),
)

CLIENTS = (
    Client("PT Fajar Teknologi", "Bandung", "Software", "Siti Aminah", "Finance director", Decimal(500_000_000)),
    Client("CV Cakra Medika", "Balikpapan", "Healthcare", "Yusuf Hakim", "Procurement", Decimal(250_000_000)),
    Client("PT Bumi Hijau Energi", "Jakarta", "Energy", "Tari Anggraini", "Office manager", Decimal(800_000_000)),
    Client("CV Gading Furnitur", "Palembang", "Retail", "Bayu Nugroho", "Owner", Decimal(150_000_000)),
    Client("PT Hasta Karya", "Surabaya", "Manufacturing", "Dian Permata", "Buyer", Decimal(600_000_000)),
    Client("PT Jaya Abadi Motor", "Semarang", "Automotive", "Eko Prasetyo", "General affairs", Decimal(400_000_000)),
    Client("CV Oasis Beverages", "Semarang", "Food and drink", "Fitri Handayani", "Buyer", Decimal(300_000_000)),
    Client("PT Eka Boga", "Yogyakarta", "Food and drink", "Galih Ramadhan", "Operations", Decimal(200_000_000)),
    Client("PT Visi Digital", "Jakarta", "Software", "Hana Kusuma", "Chief of staff", Decimal(750_000_000)),
    Client("PT Pelita Edukasi", "Bandung", "Education", "Indra Wibowo", "Procurement", Decimal(350_000_000)),
    Client("CV Lestari Farma", "Yogyakarta", "Healthcare", "Kartika Sari", "Pharmacist", Decimal(180_000_000)),
    Client("PT Tirta Kencana", "Denpasar", "Hospitality", "Made Suardana", "Purchasing", Decimal(450_000_000)),
    Client("PT Arunika Logistik", "Bandung", "Logistics", "Nadia Safitri", "Facility manager", Decimal(300_000_000)),
    Client("PT Bintang Laut", "Makassar", "Shipping", "Oscar Manurung", "Head of office", Decimal(500_000_000)),
    Client("CV Anugerah Plastik", "Balikpapan", "Manufacturing", "Putri Maharani", "Owner", Decimal(120_000_000)),
    Client("PT Harmoni Textile", "Surakarta", "Manufacturing", "Qori Hidayat", "Buyer", Decimal(350_000_000)),
    Client("PT Delta Elektronik", "Yogyakarta", "Electronics", "Rudi Hartanto", "Store manager", Decimal(280_000_000)),
    Client("CV Usaha Bersama", "Surabaya", "Cooperative", "Sri Wahyuni", "Treasurer", Decimal(100_000_000)),
    Client("PT Indo Mitra Baja", "Cilegon", "Steel", "Taufik Rahman", "Procurement", None),
    Client("PT Rimba Papua Wood", "Jayapura", "Forestry", "Umar Yapen", "Director", Decimal(220_000_000)),
)

SUPPLIERS = (
    Supplier("PT Jati Jepara Makmur", "Jepara", "Furniture", "Wahyu Kurniawan", "Export manager", ("Furniture",)),
    Supplier("CV Terang Benderang", "Tangerang", "Lighting", "Yuni Astuti", "Sales", ("Lighting",)),
    Supplier("PT Metro Distribusi Elektronik", "Jakarta", "Electronics", "Zaki Hidayatullah", "Key account manager", ("Electronics",)),
    Supplier("PT Kertas Citarum", "Karawang", "Paper", "Ayu Maharani", "Order desk", ("Supplies",)),
)

AGREEMENTS = (
    Agreement(
        "Volume prices",
        (
            ("DESK-140", 10, Decimal("0.04")),
            ("DESK-180", 10, Decimal("0.04")),
            ("CHAIR-ERG", 10, Decimal("0.05")),
            ("CHAIR-VIS", 10, Decimal("0.06")),
            ("KEY-WL", 10, Decimal("0.05")),
            ("MOUSE-WL", 10, Decimal("0.05")),
            ("PAPER-A4", 6, Decimal("0.03")),
            ("PAPER-A4", 12, Decimal("0.07")),
        ),
    ),
    Agreement(
        "PT Visi Digital, yearly agreement",
        (
            ("MON-27", 0, Decimal("0.06")),
            ("DOCK-USBC", 0, Decimal("0.08")),
            ("HEAD-NC", 0, Decimal("0.08")),
            ("KEY-WL", 0, Decimal("0.10")),
            ("MOUSE-WL", 0, Decimal("0.10")),
        ),
        client="PT Visi Digital",
        since=-400,
        until=90,
    ),
    Agreement(
        "PT Hasta Karya, new plant",
        (
            ("DESK-140", 0, Decimal("0.07")),
            ("DESK-140", 12, Decimal("0.09")),
            ("CHAIR-ERG", 0, Decimal("0.07")),
            ("CAB-3D", 0, Decimal("0.05")),
        ),
        client="PT Hasta Karya",
        since=-250,
    ),
    Agreement("Good light for the new term", (("LAMP-LED", 0, Decimal("0.10")),), since=-45, until=30),
    Agreement("Last year's clearance", (("CAB-3D", 0, Decimal("0.15")), ("CHAIR-VIS", 4, Decimal("0.12"))), since=-330, until=-240),
)


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, e-mail, password): the first colleague of every role, for the start screen."""
    first: dict[Role, Colleague] = {}
    for colleague in COLLEAGUES:
        first.setdefault(colleague.role, colleague)
    return [(str(role.label), colleague.email, PASSWORD) for role, colleague in first.items()]
