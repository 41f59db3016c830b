"""Calls, meetings and tasks, from files: those that were done, and those that are still to do."""

from dataclasses import replace
from datetime import datetime, time
from typing import cast

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.imports.columns import NOTE, OWNER
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, choice, moment, up_to, yes_or_no
from core.parties.imports import CUSTOMER
from core.parties.models import Party
from core.people.models import User
from frontoffice.crm.models import Activity, Deal
from frontoffice.crm.operations import log_activity, plan_activity, remove_activity
from frontoffice.crm.operations.activities import WithoutDueTime

NOON, EVENING = time(12), time(17)


class NoSuchDeal(Refused):
    """The customer has no deal of this name."""


def done_then(facts: Facts) -> datetime | None:
    """When it was done, None when it is still to do."""
    is_done = facts.get("is_done")
    return None if is_done is False else facts.get("done_at") or (facts.get("due_at") if is_done else None)


def about(facts: Facts) -> Party | Deal:
    """The customer, or the newest of their deals that is called so."""
    party, name = facts["party"], facts.get("deal")
    if not name:
        return cast("Party", party)
    deal = Deal.objects.filter(party=party, name__iexact=name).order_by("-pk").first()
    if deal is None:
        said = {"customer": party, "deal": name}
        raise NoSuchDeal(
            _now("%(customer)s has no deal “%(deal)s”.") % said, fix=_now("Bring in the deals first, or leave it empty."), field="deal"
        )
    return deal


def note(facts: Facts, by: User) -> Activity:
    """Log what was done when it was done, plan what is still to do."""
    whom, facts = about(facts), dict(facts)
    kind = facts.pop("kind", Activity.Kind.TASK)
    done_at, due_at = done_then(facts), facts.get("due_at")
    for name in ("party", "deal", "due_at", "done_at", "is_done"):
        facts.pop(name, None)
    if done_at is not None:
        return log_activity(whom, kind=kind, done_at=done_at, by=by, **facts)
    if due_at is None:
        raise WithoutDueTime(_now("It has no time."), fix=_now("Say when it was done, or until when it is due."), field="due_at")
    return plan_activity(whom, kind=kind, due_at=due_at, by=by, **facts)


def known(facts: Facts) -> Activity | None:
    """The same thing with the same customer at the same time."""
    done_at, due_at = done_then(facts), facts.get("due_at")
    if done_at is None and due_at is None:
        return None
    then = {"done_at": done_at} if done_at else {"due_at": due_at}
    return Activity.objects.filter(party=facts["party"], subject__iexact=facts["subject"], **then).order_by("pk").first()


def cells(activity: Activity) -> dict[str, str]:
    """What a colleague may have changed since."""
    return {name: cell_of(getattr(activity, name)) for name in ("subject", "body", "due_at", "done_at")}


provide(
    ImportKind(
        "crm.activity",
        _("Activities"),
        Activity,
        permission="crm.plan_activity",
        columns=(
            replace(CUSTOMER.also("account", "party"), field="party"),
            Column(
                "subject",
                _("Subject"),
                up_to(200),
                required=True,
                synonyms=("title", "activity", "task", "topic", "judul", "perihal", "kegiatan", "aktivitas"),
                example="Menelepon soal penawaran",
            ),
            Column(
                "deal",
                _("Deal"),
                up_to(160),
                default="",
                synonyms=("deal name", "opportunity", "opportunity name", "peluang", "nama peluang"),
                help=_("The name of one of the customer's deals."),
            ),
            Column(
                "kind",
                _("Kind"),
                choice(
                    Activity.Kind.choices,
                    telepon="call",
                    panggilan="call",
                    surel="email",
                    rapat="meeting",
                    pertemuan="meeting",
                    kunjungan="meeting",
                    tugas="task",
                    catatan="note",
                ),
                default=Activity.Kind.TASK,
                synonyms=("type", "activity type", "jenis", "tipe"),
                example="call",
                choices=Activity.Kind.choices,
            ),
            Column(
                "due_at",
                _("Due"),
                moment(EVENING),
                default=None,
                synonyms=("due date", "deadline", "tenggat", "jatuh tempo", "batas waktu"),
                help=_("A date, with a time or without. Still to do when nothing says that it was done."),
            ),
            Column(
                "done_at",
                _("Done"),
                moment(NOON),
                default=None,
                synonyms=("done at", "date", "completed at", "completed date", "tanggal", "tanggal selesai", "waktu"),
                example="15/01/2026 14:30",
                help=_("When it was done. It stands in the customer's timeline at that time."),
            ),
            Column(
                "is_done",
                _("Is done"),
                yes_or_no,
                default=None,
                synonyms=("completed", "closed", "selesai", "sudah selesai"),
                help=_("Yes: it was done when it was due, if nothing says when."),
            ),
            replace(OWNER.also("owner", "assignee", "oleh", "petugas"), field="assignee", name=_("Who")),
            replace(NOTE.also("description", "note", "body", "rincian", "isi"), field="body", name=_("Details")),
        ),
        keys=("party", "subject", "due_at", "done_at"),
        together=True,
        find=known,
        create=note,
        cells=cells,
        by_cells=True,
        remove=lambda activity, by: remove_activity(activity, by=by),
        lists=("crm:activities",),
        icon="calendar-check",
        hint=_("Calls, meetings and tasks with your customers, done or still to do."),
        examples=({"party": "C-0012", "subject": "Kirim penawaran", "kind": "task", "due_at": "31/01/2027"},),
    )
)
