"""An e-mail handed to the mail server, and what the server said: taken, refused for good, or "later"."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend as Files
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

from core.effects.models import Effect
from core.effects.operations import HIDDEN
from core.files.models import Attachment
from core.parties.models import Company
from core.sealing import unseal

PERMANENT = 500
"""Answers of a mail server from here on are final (RFC 5321)."""


@dataclass(frozen=True)
class Answer:
    """What the other side said; ``refused`` are recipients it did not take while it took others."""

    words: str
    refused: tuple[str, ...] = ()


class RefusedForGood(Exception):
    """The other side will never take it."""


class TryLater(Exception):
    """It may work in a while."""


class NoServer(BaseEmailBackend):
    """Stands in where no mail server was named: nothing is lost, and everybody who looks sees why it waits."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """It waits."""
        raise TryLater("No mail server is known: set EMAIL_URL.")


def send_mail(effect: Effect) -> Answer:
    """Hand one e-mail to the server the settings name."""
    message = message_of(effect)
    server = get_connection()
    if isinstance(server, EmailBackend):
        return _by_smtp(server, message)
    try:
        server.send_messages([message])
    except OSError as error:
        raise TryLater(str(error)) from error
    return Answer(_("Kept on this machine; nothing was sent.") if isinstance(server, Files) else _("Handed over."))


def message_of(effect: Effect) -> EmailMessage:
    """The e-mail as it leaves: from the company, answered to the person who sent it."""
    facts = effect.payload
    message = EmailMessage(
        subject=facts["subject"],
        body=facts["body"].replace(HIDDEN, unseal(facts["sealed"])) if "sealed" in facts else facts["body"],
        from_email=_from(),
        to=facts["to"],
        cc=facts.get("cc", []),
        reply_to=[facts["reply_to"]] if facts.get("reply_to") else None,
        headers={"Message-ID": facts["message_id"]},
    )
    for enclosure in Attachment.objects.filter(kind="effects.effect", object_id=effect.pk).order_by("pk"):
        try:
            with enclosure.file.open("rb") as file:
                message.attach(enclosure.name, file.read(), enclosure.media_type)
        except FileNotFoundError as error:
            raise RefusedForGood(f"The file {enclosure.name} is gone.") from error
    return message


def _from() -> str:
    """The company's name on the address mails leave from."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    company = Company.objects.select_related("party").first()
    name = company.party.name if company else "Satu"
    return formataddr((" ".join(name.split()), address))


def _by_smtp(server: EmailBackend, message: EmailMessage) -> Answer:
    try:
        server.open()
        assert server.connection is not None
        return _handed_over(server.connection, message)
    except smtplib.SMTPResponseException as error:  # at the greeting, the encryption or the sign-in: not this e-mail's fault
        raise TryLater(_said(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(f"{type(error).__name__}: {error}") from error
    finally:
        _hang_up(server)


def _handed_over(smtp: smtplib.SMTP, message: EmailMessage) -> Answer:
    """The conversation of RFC 5321, kept to the letter of what was answered."""
    content = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own kind of message takes it
    smtp.ehlo_or_helo_if_needed()
    _expect(*smtp.mail(_bare(message.from_email), [f"size={len(content)}"] if smtp.has_extn("size") else []))
    answers = {address: smtp.rcpt(_bare(address)) for address in message.recipients()}
    refused = {address: _said(*answer) for address, answer in answers.items() if answer[0] not in {250, 251}}
    if len(refused) == len(answers):
        smtp.rset()
        codes = {answer[0] for answer in answers.values()}
        told = "; ".join(f"{address}: {said}" for address, said in refused.items())
        raise (RefusedForGood if min(codes) >= PERMANENT else TryLater)(told)
    code, words = smtp.data(content)
    _expect(code, words)
    return Answer("; ".join([_said(code, words), *(f"{address}: {said}" for address, said in refused.items())]), tuple(refused))


def _expect(code: int, words: bytes) -> None:
    if code >= PERMANENT:
        raise RefusedForGood(_said(code, words))
    if code >= 400 or code < 200:
        raise TryLater(_said(code, words))


def _said(code: int, words: Any) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}".strip()


def _bare(address: str) -> str:
    """The address alone, its domain as mail servers write it."""
    return str(parseaddr(sanitize_address(address, "utf-8"))[1])


def _hang_up(server: EmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        server.connection = None
