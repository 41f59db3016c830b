"""A paper as plain data: what stands on it, in the words and figures of the one who gets it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Addressee:
    """Whom a paper is for, or where goods go: a name, then the lines below it."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One labelled fact of the head: a date, a number of theirs or ours."""

    label: str
    value: str


@dataclass(frozen=True)
class Column:
    """One column of the table. Figures stand at the right; the ``wide`` column takes the room that is left."""

    label: str
    figures: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the table; ``note`` stands small below its wide cell, ``strong`` rows are sums."""

    cells: tuple[str, ...]
    note: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under their columns; the columns stand again on every page. ``empty`` is said when there is no row."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heading: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Total:
    """One sum below the table; the strong one is what counts."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True)
class Remark:
    """A heading and a few lines of text below the sums: terms, bank details, a note."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document, ready to be set. ``to_label`` is what the addressee is ("Bill to"); ``headline`` is the sentence that counts,
    large; ``stamp`` is written across (a draft); ``signatures`` are lines to sign on; ``cover`` is what the e-mail says of it."""

    title: str
    number: str
    made_on: date
    to_label: str
    to: Addressee
    tables: tuple[Table, ...]
    facts: tuple[Fact, ...] = ()
    ship_label: str = ""
    ship: Addressee | None = None
    headline: str = ""
    headnote: str = ""
    totals: tuple[Total, ...] = ()
    remarks: tuple[Remark, ...] = ()
    with_bank_details: bool = False
    with_terms: bool = False
    signatures: tuple[str, ...] = ()
    stamp: str = ""
    cover: str = ""

    @property
    def file_name(self) -> str:
        """What the PDF is called, safe on every system."""
        name = "-".join(part for part in (self.title, self.number) if part)
        return "".join(letter if letter.isalnum() else "-" for letter in name) + ".pdf"
