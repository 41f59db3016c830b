"""Mail leaves once it is committed, by a worker, at least once and always as the same mail; what was answered is kept."""

import email
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from email.policy import default
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import transaction
from django.utils import timezone

from core.effects.models import Effect
from core.effects.operations import (
    BadRecipient,
    BadSubject,
    Enclosure,
    NotFailed,
    cancel_effect,
    message_id,
    request_effect,
    request_mail,
    retry_effect,
)
from core.errors import IllegalMove
from core.events.models import Record
from core.files.models import Attachment
from core.people.models import User
from core.people.roles import Role
from integration import effects
from integration.effects import MAX_ATTEMPTS, claim, send_effects, waiting_time
from integration.mailing import NoServer, TryLater
from tests.factories.ground import make_customer, make_user


class Postbox:
    """A mail server's side of the conversation: takes what it gets, or answers what a test tells it to."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.recipients: list[list[str]] = []
        self.refuse: dict[str, str] = {}
        self.at_data = ""

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_data:
            return self.at_data
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(email.message_from_bytes(content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 2.0.0 queued as 7F3A"


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    """A mail server on this machine, which the settings name."""
    box = Postbox()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "office@nusantara.example"
    yield box
    server.stop()


@pytest.fixture
def sender(company: object) -> User:
    return make_user(Role.ACCOUNTANT)


def ask(sender: User, key: str = "one", **more: Any) -> Effect:
    """An e-mail that was asked for."""
    wanted = {"to": ["ap@fajar.example"], "subject": "Invoice INV/2026/00001", "body": "Dear PT Fajar,\n\n.the dot\n"} | more
    with transaction.atomic():
        return request_mail(key=key, by=sender, **wanted)


def told() -> list[str]:
    return list(Record.objects.filter(type__startswith="effects.").order_by("pk").values_list("type", flat=True))


@pytest.mark.django_db
def test_a_mail_leaves_with_its_file_and_the_answer_is_kept(postbox: Postbox, sender: User) -> None:
    customer = make_customer()
    effect = ask(sender, cc=["boss@fajar.example"], enclosures=[Enclosure("Invoice.pdf", b"%PDF-1.7 x")], about=customer, party=customer)
    assert send_effects().sent == 1
    effect.refresh_from_db()
    assert (effect.status, effect.attempts, effect.answer) == ("sent", 1, "250 2.0.0 queued as 7F3A")
    assert effect.ended_at is not None
    [mail], [recipients] = postbox.mails, postbox.recipients
    assert recipients == ["ap@fajar.example", "boss@fajar.example"]
    assert mail["From"] == "PT Nusantara Maju <office@nusantara.example>"
    assert mail["Reply-To"] == "siti@nusantara.example"
    assert mail["Subject"] == "Invoice INV/2026/00001"
    assert mail["Message-ID"] == message_id("one")
    assert mail["Message-ID"].endswith("@nusantara.example>")
    text, file = mail.iter_parts()  # type: ignore[attr-defined]
    assert text.get_content().replace("\r\n", "\n") == "Dear PT Fajar,\n\n.the dot\n"
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("Invoice.pdf", "application/pdf", b"%PDF-1.7 x")
    assert told() == ["effects.MailRequested", "effects.MailSent"]
    record = Record.objects.get(type="effects.MailSent")
    assert (record.actor, record.party, record.payload["about_kind"], record.payload["about_id"]) == (
        sender,
        customer,
        "parties.party",
        customer.pk,
    )
    assert record.correlation_id == Record.objects.get(type="effects.MailRequested").correlation_id


@pytest.mark.django_db
def test_the_same_key_is_one_mail(postbox: Postbox, sender: User) -> None:
    first, second = ask(sender), ask(sender, subject="Another", enclosures=[Enclosure("x.pdf", b"%PDF-")])
    assert first == second
    assert send_effects().sent == 1
    assert send_effects().sent == 0
    assert [mail["Subject"] for mail in postbox.mails] == ["Invoice INV/2026/00001"]


@pytest.mark.django_db
def test_what_the_server_will_never_take_has_failed_at_once_with_its_words(postbox: Postbox, sender: User) -> None:
    postbox.refuse["ap@fajar.example"] = "550 5.1.1 No such mailbox here"
    effect = ask(sender)
    assert send_effects().failed == 1
    effect.refresh_from_db()
    assert (effect.status, effect.attempts) == ("failed", 1)
    assert effect.answer == "ap@fajar.example: 550 5.1.1 No such mailbox here"
    assert postbox.mails == []
    assert told() == ["effects.MailRequested", "effects.MailFailed"]
    assert Record.objects.get(type="effects.MailFailed").payload["reason"] == effect.answer


@pytest.mark.django_db
def test_a_refusal_of_the_content_is_final_too(postbox: Postbox, sender: User) -> None:
    postbox.at_data = "552 5.3.4 Message too big"
    effect = ask(sender)
    send_effects()
    effect.refresh_from_db()
    assert (effect.status, effect.answer) == ("failed", "552 5.3.4 Message too big")


@pytest.mark.django_db
def test_one_refused_address_does_not_stop_the_others(postbox: Postbox, sender: User) -> None:
    postbox.refuse["gone@fajar.example"] = "550 5.1.1 Gone"
    effect = ask(sender, cc=["gone@fajar.example"])
    send_effects()
    effect.refresh_from_db()
    assert (effect.status, effect.answer) == ("sent", "250 2.0.0 queued as 7F3A; gone@fajar.example: 550 5.1.1 Gone")
    assert postbox.recipients == [["ap@fajar.example"]]
    assert Record.objects.get(type="effects.MailSent").payload["refused"] == ["gone@fajar.example"]


@pytest.mark.django_db
def test_later_is_tried_again_later(postbox: Postbox, sender: User) -> None:
    postbox.refuse["ap@fajar.example"] = "451 4.7.1 Greylisted, come back"
    effect = ask(sender)
    before = timezone.now()
    assert send_effects().retried == 1
    effect.refresh_from_db()
    assert (effect.status, effect.attempts, effect.answer) == ("pending", 1, "ap@fajar.example: 451 4.7.1 Greylisted, come back")
    assert timedelta(seconds=11) < effect.due_at - before < timedelta(seconds=20)
    assert send_effects().retried == 0
    postbox.refuse.clear()
    Effect.objects.update(due_at=timezone.now())
    assert send_effects().sent == 1
    assert [mail["Message-ID"] for mail in postbox.mails] == [message_id("one")]
    assert told() == ["effects.MailRequested", "effects.MailSent"]


@pytest.mark.django_db
def test_no_server_there_is_tried_again_and_given_up_in_the_end(postbox: Postbox, sender: User, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    effect = ask(sender)
    send_effects()
    effect.refresh_from_db()
    assert effect.status == "pending"
    assert "ConnectionRefusedError" in effect.answer
    Effect.objects.update(due_at=timezone.now(), attempts=MAX_ATTEMPTS - 1)
    assert send_effects().failed == 1
    effect.refresh_from_db()
    assert effect.status == "failed"
    assert effect.answer.startswith(f"Given up after {MAX_ATTEMPTS} tries: ConnectionRefusedError")


def test_waiting_doubles_up_to_two_hours() -> None:
    assert timedelta(seconds=11) < waiting_time(1) < timedelta(seconds=19)
    assert timedelta(seconds=90) < waiting_time(4) < timedelta(seconds=151)
    assert timedelta(minutes=89) < waiting_time(30) < timedelta(minutes=151)


@pytest.mark.django_db
def test_a_worker_killed_after_sending_sends_the_same_mail_again(postbox: Postbox, sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """At least once: whoever reads it can tell by the Message-ID that it is the same mail."""
    effect = ask(sender)

    def killed(*_args: object, **_kwargs: object) -> str:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(effects, "_end", killed)
        with pytest.raises(SystemExit):
            send_effects()
    effect.refresh_from_db()
    assert (effect.status, effect.attempts) == ("sending", 1)
    assert send_effects().sent == 0, "the lease still runs"
    Effect.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert send_effects().sent == 1
    effect.refresh_from_db()
    assert (effect.status, effect.attempts) == ("sent", 2)
    assert [mail["Message-ID"] for mail in postbox.mails] == [message_id("one")] * 2
    assert told() == ["effects.MailRequested", "effects.MailSent"]


@pytest.mark.django_db
def test_a_worker_that_comes_too_late_changes_nothing(postbox: Postbox, sender: User) -> None:
    effect = ask(sender)
    first = claim()
    assert first is not None
    Effect.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert second is not None
    assert effects.carry_out(*second) == "sent"
    assert effects.carry_out(*first) == ""
    assert len(postbox.mails) == 1
    effect.refresh_from_db()
    assert effect.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_when_the_change_is_rolled_back(postbox: Postbox, sender: User) -> None:
    with transaction.atomic():
        request_mail(to=["ap@fajar.example"], subject="Never", body="x", key="never", by=sender)
        transaction.set_rollback(True)
    assert send_effects().sent == 0
    assert (postbox.mails, Effect.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_an_effect_belongs_inside_a_transaction(sender: User) -> None:
    with pytest.raises(RuntimeError):
        request_effect("mail", {}, key="x", by=sender)


@pytest.mark.django_db
def test_a_failed_mail_is_tried_again_by_hand_or_called_off(postbox: Postbox, sender: User) -> None:
    it = make_user(Role.IT)
    postbox.refuse["ap@fajar.example"] = "550 No"
    effect = ask(sender)
    with pytest.raises(NotFailed):
        retry_effect(effect, by=it)
    send_effects()
    postbox.refuse.clear()
    assert retry_effect(effect, by=it).attempts == 0
    assert send_effects().sent == 1
    with pytest.raises(IllegalMove):
        cancel_effect(effect, by=it)
    other = cancel_effect(ask(sender, key="two"), by=it)
    assert (other.status, send_effects().sent) == ("cancelled", 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"to": []}, BadRecipient, "to"),
        ({"to": ["nobody"]}, BadRecipient, "to"),
        ({"to": ["a@b.example\nBcc: c@d.example"]}, BadRecipient, "to"),
        ({"cc": [f"n{n}@fajar.example" for n in range(20)]}, BadRecipient, "cc"),
        ({"subject": "  "}, BadSubject, "subject"),
        ({"subject": "Hello\nBcc: c@d.example"}, BadSubject, "subject"),
    ],
)
def test_a_mail_that_nobody_could_get_is_refused(sender: User, wrong: dict[str, Any], refusal: type[Any], field: str) -> None:
    with pytest.raises(refusal) as caught:
        ask(sender, **wrong)
    assert caught.value.field == field
    assert Effect.objects.count() == 0


@pytest.mark.django_db
def test_a_file_that_is_gone_fails_with_its_name(postbox: Postbox, sender: User) -> None:
    effect = ask(sender, enclosures=[Enclosure("Invoice.pdf", b"%PDF-")])
    stored = Attachment.objects.get(kind="effects.effect", object_id=effect.pk).file
    stored.storage.delete(stored.name)
    send_effects()
    effect.refresh_from_db()
    assert (effect.status, effect.answer) == ("failed", "The file Invoice.pdf is gone.")
    assert postbox.mails == []


@pytest.mark.django_db
def test_mail_is_kept_in_a_folder_where_satu_is_tried(sender: User, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    effect = ask(sender)
    send_effects()
    effect.refresh_from_db()
    assert (effect.status, effect.answer) == ("sent", "Kept on this machine; nothing was sent.")
    [kept] = tmp_path.iterdir()
    assert "Subject: Invoice INV/2026/00001" in kept.read_text()


@pytest.mark.django_db
def test_without_a_server_mail_waits_and_says_why(sender: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "integration.mailing.NoServer"
    with pytest.raises(TryLater):
        NoServer().send_messages([])
    effect = ask(sender)
    assert send_effects().retried == 1
    effect.refresh_from_db()
    assert (effect.status, effect.answer) == ("pending", "No mail server is known: set EMAIL_URL.")
