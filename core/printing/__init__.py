'''Papers: what the company prints and sends, set by typst from plain data.

A module declares its papers in ``documents.py`` (found by itself); every one gets a preview and a PDF page on the record's screen, a
dialog that sends it by e-mail, and its addresses in the API::

    from core.printing.documents import document

    @document("sales.order", "quotation", _("Quotation"), when=lambda order: order.is_draft)
    def quotation(order: Order) -> Paper:
        """What the customer may say yes to."""
        return Paper(title=..., number=order.number, made_on=order.order_date, to=addressee(order.customer), ...)

- The builder runs in the customer's language: dates, figures and words follow by themselves. It reads, and writes nothing.
- A paper needs the record's own view permission and row visibility, and ``permission`` besides, when it names one.
- All that people typed reaches typst as JSON: it is text there, never markup.
- The same paper gives the same bytes, always.
'''
