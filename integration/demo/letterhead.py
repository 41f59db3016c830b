"""How PT Nusantara Maju stands on its papers: its address, its bank, and a logo of our own drawing."""

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from core.parties.company import set_logo, update_company
from core.parties.models import Company
from core.people.models import User
from core.printing.fonts import fonts
from integration.demo.cast import COMPANY

LOGO = b"""
#set page(width: auto, height: auto, margin: 2pt, fill: none)
#set text(font: "Inter", fill: rgb("#16181d"))
#let blue = rgb("#3b5bdb")
#let mark = box(width: 30pt, height: 30pt, {
  place(rect(width: 30pt, height: 30pt, radius: 7pt, fill: gradient.linear(rgb("#5c7cfa"), rgb("#364fc7"), angle: 60deg)))
  place(curve(
    fill: white,
    curve.move((7pt, 22.5pt)), curve.line((7pt, 7.5pt)), curve.line((10.6pt, 7.5pt)), curve.line((19.4pt, 16.6pt)),
    curve.line((19.4pt, 7.5pt)), curve.line((23pt, 7.5pt)), curve.line((23pt, 22.5pt)), curve.line((19.4pt, 22.5pt)),
    curve.line((10.6pt, 13.4pt)), curve.line((10.6pt, 22.5pt)), curve.close(),
  ))
})
#grid(
  columns: 2, column-gutter: 9pt, align: horizon, mark,
  [#text(size: 17pt, weight: "bold", tracking: -0.3pt)[Nusantara] #text(size: 17pt, weight: "medium", fill: blue, tracking: -0.3pt)[Maju]],
)
"""


def draw_logo() -> bytes:
    """The logo as PNG."""
    drawn = typst.Compiler(LOGO, font_paths=fonts()).compile(format="png", ppi=400.0)
    assert isinstance(drawn, bytes)
    return drawn


def dress_company(*, by: User) -> Company:
    """Give the demo company a letterhead, so that its papers look like a company's."""
    company = update_company(
        Company.objects.current(),
        name=COMPANY,
        legal_name=COMPANY,
        tax_id="01.234.567.8-012.000",
        street="Jl. Jenderal Sudirman Kav. 52–53",
        city="Jakarta Selatan",
        postal_code="12190",
        country="Indonesia",
        phone="+62 21 5150 8800",
        email="halo@nusantara.example",
        web="nusantara.example",
        bank_details=f"Bank Nusantara, KCU Sudirman\nNo. rek. 123 456 7890\na.n. {COMPANY}",
        document_terms="Barang tetap milik kami sampai lunas.\nGoods remain ours until they are paid for in full.",
        document_footer=f"{COMPANY} · NIB 9120001234567 · NPWP 01.234.567.8-012.000",
        by=by,
    )
    return set_logo(company, logo=SimpleUploadedFile("logo.png", draw_logo(), "image/png"), by=by)
