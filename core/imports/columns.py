"""Columns that many kinds of file have: how a person is called and reached, who looks after something, and what is noted about it."""

from django.utils.translation import gettext_lazy as _

from core.imports.mapping import Column
from core.imports.notation import email, record, up_to
from core.people.models import User


def colleague(cell: str) -> User | None:
    """Who works here, by e-mail or name."""
    people = User.objects.filter(is_active=True, kind=User.Kind.HUMAN)
    return people.filter(email__iexact=cell).first() or people.filter(name__iexact=cell).order_by("pk").first()


PERSON_NAME = Column("name", _("Name"), up_to(160), required=True, synonyms=("full name", "nama", "nama lengkap"), example="Maya Putri")
JOB_TITLE = Column(
    "job_title", _("Job title"), up_to(120), synonyms=("title", "position", "jabatan", "posisi"), example="Manajer Pembelian"
)
EMAIL = Column("email", _("E-mail"), email, synonyms=("email address", "e mail", "surel", "alamat email"), example="maya@cahaya.example")
PHONE = Column(
    "phone",
    _("Phone"),
    up_to(40),
    synonyms=("telephone", "tel", "mobile", "phone number", "telepon", "no telepon", "nomor telepon", "hp", "no hp"),
    example="+62 811 555 0101",
)
OWNER = Column(
    "owner",
    _("Owner"),
    record(colleague, _("colleague")),
    default=None,
    synonyms=("account manager", "salesperson", "sales", "assigned to", "pemilik", "penanggung jawab"),
    help=_("The e-mail address or name of a colleague."),
)
NOTE = Column("note", _("Note"), synonyms=("notes", "remarks", "comment", "catatan", "keterangan"))
