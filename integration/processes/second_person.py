"""What a second person decided: rows of imports that waited for it come to their end in the same commit."""

from django.utils.translation import gettext as _

from core.approvals.events import RequestApproved, RequestDeclined, RequestWithdrawn
from core.events import on
from core.events.cause import actor
from core.imports import operations as imports


@on(RequestApproved, same_commit=True)
def finish_the_imported_row(event: RequestApproved) -> None:
    """It is what it became."""
    imports.finish_held_row(event.approval_id, event.result_kind, event.result_id, by=actor())


@on(RequestDeclined, same_commit=True)
def leave_the_imported_row(event: RequestDeclined) -> None:
    """With the reason, so that it can be mended."""
    imports.give_up_held_row(event.approval_id, _("Declined: %(reason)s") % {"reason": event.reason}, by=actor())


@on(RequestWithdrawn, same_commit=True)
def leave_the_withdrawn_row(event: RequestWithdrawn) -> None:
    """Whoever imported it no longer wants it."""
    imports.give_up_held_row(event.approval_id, _("Withdrawn by who imported it."), by=actor())
