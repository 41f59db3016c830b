"""What tokens say of persons: where their programs called from."""

from core.privacy.registry import Personal
from core.tokens.models import Token, TokenUse

PERSONAL = (
    Personal(TokenUse, rows=lambda whom: TokenUse.objects.filter(token__user_id=whom.user_id), remove=True),
    Personal(Token, rows=lambda whom: Token.objects.filter(user_id=whom.user_id), wipe={"name": ""}),
)
NOT_PERSONAL = {"tokens.Token": "token_key digest scopes"}
