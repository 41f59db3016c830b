from django.db import migrations

NOTE = """
    INSERT INTO events_noted (operation, fact_id)
    SELECT known.operation, (record.payload #>> known.path::text[])::bigint
      FROM (VALUES ('order_to_cash.note_what_left', 'sales.record_delivery', '{delivery_id}'),
                   ('order_to_cash.note_what_is_billed', 'sales.record_invoicing', '{invoice_id}'),
                   ('order_to_cash.note_what_will_not_follow', 'sales.drop_rest', '{delivery_id}'),
                   ('order_to_cash.note_what_came_back', 'sales.record_return', '{return_receipt_id}'),
                   ('order_to_cash.book_what_stock_is_worth', 'finance.book_stock', '{move_ids,0}')) AS known (handler, operation, path)
      JOIN (SELECT handler, record_id FROM events_delivery WHERE status = 'done'
            UNION SELECT handler, record_id FROM events_archiveddelivery) AS carried USING (handler)
      JOIN events_record AS record ON record.id = carried.record_id
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('integration', '0002_drift'),
        ('events', '0007_noted'),
    ]

    operations = [
        # What was carried before facts were noted must not be added up again by a replay.
        migrations.RunSQL(NOTE, migrations.RunSQL.noop),
    ]
