"""Rows are locked together, in one order, and every change of theirs is written down by the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit.history import history
from core.audit.models import Change
from core.db import locked
from core.errors import Gone
from core.parties.models import Party
from core.parties.operations import update_party
from core.people.models import User
from tests.factories.ground import make_company, make_customer


def test_locking_gives_fresh_rows_in_the_order_asked(seller: User) -> None:
    first, second = make_customer("A"), make_customer("B")
    Party.objects.filter(pk=first.pk).update(industry="Steel")
    with locked(second, Party.objects.filter(pk__in=[first.pk, second.pk]).order_by("-name"), first, by=seller) as (b, both, a):
        assert (b, both, a) == (second, [first, second], first)
        assert a.industry == "Steel"


def test_locking_one_thing_gives_that_thing_and_nothing_gives_none(seller: User) -> None:
    party = make_customer()
    with locked(party, by=seller) as row:
        assert row == party
    with locked(by=seller) as nothing:
        assert nothing is None


def test_locks_never_nest(seller: User) -> None:
    with locked(by=seller), pytest.raises(RuntimeError, match="never nests"), locked(by=seller):
        pass


def test_a_row_that_is_gone_is_refused(seller: User) -> None:
    ghost = Party(pk=999_999_999, name="Ghost")
    with pytest.raises(Gone, match="Ghost does not exist"), locked(ghost, by=seller):
        pass


def test_every_change_counts_the_version_and_names_who_made_it(seller: User) -> None:
    party = make_customer(industry="Steel")
    update_party(party, industry="Energy", by=seller)
    party.refresh_from_db()
    latest, first = history(party)
    assert party.version == 2
    assert (first.action, first.before) == ("INSERT", None)
    assert (latest.action, latest.actor_id) == ("UPDATE", seller.pk)
    assert (latest.before, latest.after) == ({"industry": "Steel"}, {"industry": "Energy"})


def test_a_change_behind_the_applications_back_is_written_down_too(seller: User) -> None:
    party = make_customer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('satu.actor', '', true)")
        cursor.execute("UPDATE parties_party SET name = 'Mallory' WHERE id = %s", [party.pk])
    change = history(party)[0]
    assert (change.actor_id, change.before, change.after) == (None, {"name": party.name}, {"name": "Mallory"})
    assert change.database_user


@pytest.mark.parametrize("statement", ["UPDATE audit_change SET row_id = 0", "DELETE FROM audit_change", "TRUNCATE audit_change"])
def test_the_audit_trail_cannot_be_rewritten(seller: User, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Change.objects.exists()


def test_passwords_stay_out_of_the_audit_trail(seller: User) -> None:
    seller.set_password("another-long-one")
    seller.save()
    assert all("password" not in (change.after or {}) | (change.before or {}) for change in history(seller))


@pytest.mark.django_db(transaction=True)
def test_rows_locked_in_opposite_orders_do_not_deadlock() -> None:
    make_company()
    by = User.objects.service()
    parties = [make_customer(f"Customer {n}") for n in range(4)]
    start = Barrier(8)

    def rename(worker: int) -> int:
        start.wait()
        try:
            for round_ in range(10):
                mine = parties[::-1] if worker % 2 else parties
                with locked(*mine, by=by) as rows:
                    for row in rows:
                        row.industry = f"{worker}.{round_}"
                        row.save(update_fields=["industry"])
            return 10
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(rename, range(8))) == 80
    assert set(Party.objects.filter(pk__in=[party.pk for party in parties]).values_list("version", flat=True)) == {81}
