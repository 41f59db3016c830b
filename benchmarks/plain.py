"""Order to cash by hand-written SQL, without anything else: the limit that the operations are measured against, and a plain program's way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

PRICE, PIECES = 125_000, 2

TABLES = """
    CREATE TABLE party (id bigserial PRIMARY KEY, name text NOT NULL);
    CREATE TABLE product (id bigint PRIMARY KEY, sku text NOT NULL UNIQUE, price numeric(20, 4) NOT NULL, cost numeric(20, 4) NOT NULL);
    CREATE TABLE stock (product_id bigint PRIMARY KEY REFERENCES product, on_hand numeric(20, 6) NOT NULL CHECK (on_hand >= reserved),
                        reserved numeric(20, 6) NOT NULL CHECK (reserved >= 0));
    CREATE TABLE counter (name text PRIMARY KEY, last bigint NOT NULL);
    CREATE FUNCTION given(which text) RETURNS bigint LANGUAGE sql AS
        'INSERT INTO counter VALUES (which, 1) ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last';
    CREATE TABLE orders (id bigserial PRIMARY KEY, number bigint NOT NULL UNIQUE, party_id bigint NOT NULL REFERENCES party,
                         status text NOT NULL, total numeric(20, 4) NOT NULL);
    CREATE INDEX ON orders (party_id);
    CREATE TABLE line (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, product_id bigint NOT NULL REFERENCES product,
                       quantity numeric(20, 6) NOT NULL, price numeric(20, 4) NOT NULL, shipped numeric(20, 6) NOT NULL DEFAULT 0,
                       invoiced numeric(20, 6) NOT NULL DEFAULT 0);
    CREATE INDEX ON line (order_id);
    CREATE TABLE shipment (id bigserial PRIMARY KEY, number bigint NOT NULL UNIQUE, order_id bigint NOT NULL REFERENCES orders, status text NOT NULL);
    CREATE INDEX ON shipment (order_id);
    CREATE TABLE move (id bigserial PRIMARY KEY, shipment_id bigint NOT NULL REFERENCES shipment, product_id bigint NOT NULL REFERENCES product,
                       quantity numeric(20, 6) NOT NULL, value numeric(20, 4) NOT NULL);
    CREATE INDEX ON move (product_id);
    CREATE TABLE invoice (id bigserial PRIMARY KEY, number bigint NOT NULL UNIQUE, order_id bigint NOT NULL REFERENCES orders,
                          party_id bigint NOT NULL REFERENCES party, total numeric(20, 4) NOT NULL, residual numeric(20, 4) NOT NULL);
    CREATE INDEX ON invoice (order_id);
    CREATE INDEX ON invoice (party_id);
    CREATE TABLE invoice_line (id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoice, line_id bigint NOT NULL REFERENCES line,
                               quantity numeric(20, 6) NOT NULL, amount numeric(20, 4) NOT NULL);
    CREATE INDEX ON invoice_line (invoice_id);
    CREATE TABLE entry (id bigserial PRIMARY KEY, number bigint NOT NULL UNIQUE, memo text NOT NULL);
    CREATE TABLE entry_line (id bigserial PRIMARY KEY, entry_id bigint NOT NULL REFERENCES entry, account text NOT NULL,
                             party_id bigint REFERENCES party, amount numeric(20, 4) NOT NULL);
    CREATE INDEX ON entry_line (entry_id);
    CREATE INDEX ON entry_line (account);
    CREATE TABLE payment (id bigserial PRIMARY KEY, number bigint NOT NULL UNIQUE, party_id bigint NOT NULL REFERENCES party,
                          amount numeric(20, 4) NOT NULL);
    CREATE TABLE allocation (id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoice,
                             payment_id bigint NOT NULL REFERENCES payment, amount numeric(20, 4) NOT NULL);
    CREATE INDEX ON allocation (invoice_id);
"""
CUSTOMER = "INSERT INTO party (name) VALUES (%s) RETURNING id"
PLACE = """
    WITH made AS (INSERT INTO orders (number, party_id, status, total)
                  SELECT given('order'), %s, 'draft', (SELECT sum(price * 2) FROM product) RETURNING id),
    lines AS (INSERT INTO line (order_id, product_id, quantity, price) SELECT made.id, product.id, 2, price FROM made, product)
    SELECT id FROM made
"""
RESERVE = """
    WITH confirmed AS (UPDATE orders SET status = 'confirmed' WHERE id = %s AND status = 'draft' RETURNING id),
    held AS (SELECT product_id FROM stock WHERE product_id IN (SELECT product_id FROM line WHERE order_id = (SELECT id FROM confirmed))
             ORDER BY product_id FOR NO KEY UPDATE),
    taken AS (UPDATE stock SET reserved = reserved + line.quantity FROM line, held
              WHERE line.order_id = (SELECT id FROM confirmed) AND line.product_id = stock.product_id AND held.product_id = stock.product_id
                AND on_hand - reserved >= line.quantity)
    INSERT INTO shipment (number, order_id, status) SELECT given('shipment'), id, 'ready' FROM confirmed RETURNING id
"""
SHIP = """
    WITH left_now AS (UPDATE shipment SET status = 'shipped' WHERE id = %s AND status = 'ready' RETURNING id, order_id),
    held AS (SELECT product_id FROM stock WHERE product_id IN (SELECT product_id FROM line JOIN left_now USING (order_id))
             ORDER BY product_id FOR NO KEY UPDATE),
    gone AS (UPDATE stock SET on_hand = on_hand - line.quantity, reserved = reserved - line.quantity FROM line, left_now, held
             WHERE line.order_id = left_now.order_id AND line.product_id = stock.product_id AND held.product_id = stock.product_id),
    moved AS (INSERT INTO move (shipment_id, product_id, quantity, value)
              SELECT left_now.id, product_id, quantity, quantity * cost FROM left_now JOIN line USING (order_id) JOIN product ON product.id = product_id
              RETURNING value),
    shipped AS (UPDATE line SET shipped = quantity FROM left_now WHERE line.order_id = left_now.order_id),
    posted AS (INSERT INTO entry (number, memo) SELECT given('entry'), 'shipment' RETURNING id)
    INSERT INTO entry_line (entry_id, account, amount)
    SELECT posted.id, side.account, side.sign * (SELECT sum(value) FROM moved) FROM posted, (VALUES ('cost', 1), ('stock', -1)) AS side(account, sign)
"""
BILL = """
    WITH made AS (INSERT INTO invoice (number, order_id, party_id, total, residual)
                  SELECT given('invoice'), id, party_id, total, total FROM orders WHERE id = %s RETURNING id, order_id, party_id, total),
    lines AS (INSERT INTO invoice_line (invoice_id, line_id, quantity, amount)
              SELECT made.id, line.id, quantity, quantity * price FROM made JOIN line USING (order_id)),
    billed AS (UPDATE line SET invoiced = quantity FROM made WHERE line.order_id = made.order_id),
    posted AS (INSERT INTO entry (number, memo) SELECT given('entry'), 'invoice' RETURNING id),
    booked AS (INSERT INTO entry_line (entry_id, account, party_id, amount)
               SELECT posted.id, side.account, made.party_id, side.sign * made.total
               FROM posted, made, (VALUES ('receivable', 1), ('revenue', -1)) AS side(account, sign))
    SELECT id, total FROM made
"""
PAY = """
    WITH made AS (INSERT INTO payment (number, party_id, amount) SELECT given('payment'), %s, %s RETURNING id, party_id, amount),
    posted AS (INSERT INTO entry (number, memo) SELECT given('entry'), 'payment' RETURNING id),
    booked AS (INSERT INTO entry_line (entry_id, account, party_id, amount)
               SELECT posted.id, side.account, made.party_id, side.sign * made.amount
               FROM posted, made, (VALUES ('bank', 1), ('receivable', -1)) AS side(account, sign))
    SELECT id FROM made
"""
RECONCILE = """
    WITH settled AS (UPDATE invoice SET residual = residual - %s WHERE id = %s RETURNING id, order_id),
    closed AS (UPDATE orders SET status = 'done' FROM settled WHERE orders.id = settled.order_id)
    INSERT INTO allocation (invoice_id, payment_id, amount) SELECT id, %s, %s FROM settled
"""

_schema, _products = "", range(1)


@contextmanager
def bare_tables(schema: str, products: int) -> Iterator[None]:
    """Tables of one's own, with so many products and enough of each; dropped at the end."""
    global _schema, _products
    _schema, _products = schema, range(1, products + 1)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path TO {schema}; {TABLES}")
        for number in _products:
            cursor.execute("INSERT INTO product VALUES (%s, %s, %s, %s)", [number, f"P-{number}", PRICE, PRICE / 2])
            cursor.execute("INSERT INTO stock VALUES (%s, 1000000, 0)", [number])
        cursor.execute("RESET search_path")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def _asking() -> Iterator[Any]:
    """Ask one statement after another of these tables; where to look is told once, as a connection of their own would be."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {_schema}")

        def ask(statement: str, *values: Any) -> Any:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

        try:
            yield ask
        finally:
            cursor.execute("RESET search_path")


def limit(number: int) -> None:
    """Seven statements, each a commit of its own."""
    with _asking() as ask:
        (party,) = ask(CUSTOMER, f"PT {number}")
        (order,) = ask(PLACE, party)
        (shipment,) = ask(RESERVE, order)
        ask(SHIP, shipment)
        invoice, total = ask(BILL, order)
        (payment,) = ask(PAY, party, total)
        ask(RECONCILE, total, invoice, payment, total)


def row_by_row(number: int) -> None:
    """A statement for each row, in six transactions."""
    with _asking() as ask:
        (party,) = ask(CUSTOMER, f"PT {number}")
        with transaction.atomic():
            (given,) = ask("SELECT given(%s)", "order")
            (order,) = ask("INSERT INTO orders (number, party_id, status, total) VALUES (%s, %s, 'draft', 0) RETURNING id", given, party)
            lines, total = [], 0
            for product in _products:
                (price,) = ask("SELECT price FROM product WHERE id = %s", product)
                written = "INSERT INTO line (order_id, product_id, quantity, price) VALUES (%s, %s, %s, %s) RETURNING id"
                lines.append((ask(written, order, product, PIECES, price)[0], product, price))
                total += price * PIECES
            ask("UPDATE orders SET total = %s WHERE id = %s", total, order)
        with transaction.atomic():
            ask("UPDATE orders SET status = 'confirmed' WHERE id = %s", order)
            for _line, product, _price in lines:
                ask("SELECT on_hand - reserved FROM stock WHERE product_id = %s FOR NO KEY UPDATE", product)
                ask("UPDATE stock SET reserved = reserved + %s WHERE product_id = %s", PIECES, product)
            (given,) = ask("SELECT given(%s)", "shipment")
            (shipment,) = ask("INSERT INTO shipment (number, order_id, status) VALUES (%s, %s, 'ready') RETURNING id", given, order)
        with transaction.atomic():
            worth = 0
            for line, product, _price in lines:
                (cost,) = ask("SELECT cost FROM product WHERE id = %s", product)
                leaving = "UPDATE stock SET on_hand = on_hand - %s, reserved = reserved - %s WHERE product_id = %s"
                ask(leaving, PIECES, PIECES, product)
                moving = "INSERT INTO move (shipment_id, product_id, quantity, value) VALUES (%s, %s, %s, %s)"
                ask(moving, shipment, product, PIECES, PIECES * cost)
                ask("UPDATE line SET shipped = quantity WHERE id = %s", line)
                worth += PIECES * cost
            ask("UPDATE shipment SET status = 'shipped' WHERE id = %s", shipment)
            _post(ask, "shipment", None, {"cost": worth, "stock": -worth})
        with transaction.atomic():
            (given,) = ask("SELECT given(%s)", "invoice")
            billing = "INSERT INTO invoice (number, order_id, party_id, total, residual) VALUES (%s, %s, %s, %s, %s) RETURNING id"
            (invoice,) = ask(billing, given, order, party, total, total)
            for line, _product, price in lines:
                detail = "INSERT INTO invoice_line (invoice_id, line_id, quantity, amount) VALUES (%s, %s, %s, %s)"
                ask(detail, invoice, line, PIECES, price * PIECES)
                ask("UPDATE line SET invoiced = quantity WHERE id = %s", line)
            _post(ask, "invoice", party, {"receivable": total, "revenue": -total})
        with transaction.atomic():
            (given,) = ask("SELECT given(%s)", "payment")
            (payment,) = ask("INSERT INTO payment (number, party_id, amount) VALUES (%s, %s, %s) RETURNING id", given, party, total)
            _post(ask, "payment", party, {"bank": total, "receivable": -total})
            ask("INSERT INTO allocation (invoice_id, payment_id, amount) VALUES (%s, %s, %s)", invoice, payment, total)
            ask("UPDATE invoice SET residual = 0 WHERE id = %s", invoice)
            ask("UPDATE orders SET status = 'done' WHERE id = %s", order)


def _post(ask: Any, memo: str, party: int | None, amounts: dict[str, Any]) -> None:
    (given,) = ask("SELECT given(%s)", "entry")
    (entry,) = ask("INSERT INTO entry (number, memo) VALUES (%s, %s) RETURNING id", given, memo)
    for account, amount in amounts.items():
        ask("INSERT INTO entry_line (entry_id, account, party_id, amount) VALUES (%s, %s, %s, %s)", entry, account, party, amount)
