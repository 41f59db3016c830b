"""What files say of persons: those on their page go with them."""

from core.files.models import Attachment
from core.privacy.registry import Personal

PERSONAL = (Personal(Attachment, rows=lambda whom: Attachment.objects.filter(kind="parties.party", object_id=whom.party_id), remove=True),)
NOT_PERSONAL = {"files.Attachment": "kind media_type"}
