"""What Satu knows of persons: where it stands, what they agreed to, how they get it, and how it goes.

Every app says in its ``privacy.py`` what its rows and events say of a person::

    PERSONAL = (
        Personal(
            Lead,
            rows=lambda whom: Lead.objects.filter(Q(party=whom.party_id) | whom.reached_at("email")),
            wipe={"name": ERASED, "email": "", "phone": ""},           # at erasure; a function of the subject is asked
            keep={"lost_because": "why the business gave up"},         # stays, and why
        ),
        Personal(Address, rows=lambda whom: Address.objects.filter(party=whom.party_id), remove=True),
    )
    TOLD = (Told(LeadCreated, "lead_id", Lead, ("name", "company_name")),)     # facts of events about wiped or removed rows
    NOT_PERSONAL = {"crm.Stage": "name", "crm.LeadLost": "reason"}             # words that say nothing of a person
    RETENTION = (Rule("lost_leads", _("Lost leads"), Lead, lambda day: Lead.objects.filter(...), days=730),)

``tests/architecture/test_privacy.py`` walks every model and every event and fails on a word that nobody classified.
"""
