"""Two at once: every record comes with an ``ETag``, and ``If-Match`` lets a change go on only if the record is still that one.

The tag is ``"<version>-<digest>"``: the row's version, and what its resource says of it (its lines, what was delivered of them). It is compared
before the operation and once more under the operation's own lock. ``"<version>"`` alone, as a list gives it, compares the row only. With ``?expand=``
a third part stands for what is beside the record, which no change is held against.

Whatever else is read (lists, reports, files, one's own settings) has the digest of its bytes for a tag, so that nobody fetches twice what they have.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from django.db.models import Model
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.api.reach import without_hidden
from core.db import expecting
from core.errors import Refused, Stale

ETAG, IF_MATCH, IF_NONE_MATCH = "ETag", "If-Match", "If-None-Match"
TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e]*")')

UNGUARDED = frozenset({"effects.send_document"})
"""Verbs of guarded resources that move neither money nor stock."""


class PreconditionFailed(Refused):
    """The record is not the one the program looked at."""

    title = _("Changed meanwhile")
    status = 412


class PreconditionRequired(Refused):
    """Money and stock are not moved blindly."""

    title = _("Say which version you looked at")
    status = 428


def tag_of(view: Any, record: Model, facts: Any = None) -> str:
    """The tag of a record, from what its resource says to the person (``facts``, when that is at hand)."""
    if facts is None:
        serializer = view.serializer_class(record, context=view.get_serializer_context())
        without_hidden(serializer, view.request.user)
        facts = serializer.data
    return f'"{getattr(record, "version", 0)}-{digest_of(JSONRenderer().render(facts))}"'


def digest_of(said: bytes) -> str:
    """What tells one answer from another."""
    return blake2b(said, digest_size=8).hexdigest()


def beside(tag: str, facts: Any) -> str:
    """The tag of a record that is read together with what stands beside it."""
    return f'{tag[:-1]}-{digest_of(JSONRenderer().render(facts))}"'


def tagged(request: Request, answer: Any) -> HttpResponseBase:
    """A finished answer with its tag; 304 and no body when the program has it already."""
    if not answer.has_header(ETAG):
        answer[ETAG] = f'"{digest_of(_whole(answer))}"'
    known = tags_in(request.headers.get(IF_NONE_MATCH, ""))
    if known != ["*"] and answer[ETAG] not in known:
        return answer  # type: ignore[no-any-return]
    return HttpResponseNotModified(headers={name: value for name, value in answer.items() if not name.lower().startswith("content-")})


def _whole(answer: Any) -> bytes:
    """All that an answer says; a table that comes line by line is put together."""
    if not answer.streaming:
        return bytes(answer.content)
    whole = b"".join(answer.streaming_content)
    answer.streaming_content = [whole]
    return whole


def tags_in(header: str) -> list[str]:
    """The tags a header lists, or ``["*"]``. A proxy that compresses calls a tag weak; it is still the one we gave."""
    return ["*"] if header.strip() == "*" else TAG.findall(header)


@contextmanager
def unchanged(view: Any, record: Model, *, demanded: bool) -> Iterator[None]:
    """Let the operation inside go on only if the record is still the one ``If-Match`` names; ``demanded`` says that it has to name one."""
    header = view.request.headers.get(IF_MATCH)
    if header is None:
        if demanded:
            raise PreconditionRequired(
                _("This moves money or stock, so it has to know what you looked at."),
                fix=_("Read the record and send its ETag as If-Match; If-Match: * does without."),
            )
        yield
        return
    given = tags_in(header)
    if given == ["*"]:
        yield
        return
    seen = next((tag for tag in given if _is(view, record, tag)), None)
    if seen is None:
        raise _failed(record)
    version = getattr(record, "version", 0)
    try:
        with expecting(record, version, still=lambda: _is(view, view.get_queryset().get(pk=record.pk), seen)):
            yield
    except Stale as stale:
        raise _failed(record) from stale


def demands_version(view: Any) -> bool:
    """Whether what a view does at present has to be told which version it is about."""
    act = getattr(view, view.action or "", None)
    is_verb = getattr(act, "heeds_version", False) and view.action != "partial_update"
    return bool(is_verb and getattr(view, "moves_money_or_stock", False) and view.permissions_of.get(view.action) not in UNGUARDED)


def _is(view: Any, record: Model, tag: str) -> bool:
    own = tag_of(view, record)
    return tag in {f'"{getattr(record, "version", 0)}"', own} or tag.startswith(f"{own[:-1]}-")


def _failed(record: Model) -> PreconditionFailed:
    return PreconditionFailed(
        _("%(thing)s was changed since you looked at it.") % {"thing": record}, fix=_("Read it again, then decide again.")
    )
