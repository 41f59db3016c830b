"""The programs of people: what calls the API for somebody."""

from rest_framework.test import APIClient

from core.people.door.confirming import HEADER, confirmation_for
from core.people.models import User
from core.tokens.operations import issue_token


def api_of(user: User) -> APIClient:
    """Somebody's program, with a token. It looks at no versions: what is about them sends tags of its own."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(name='Test', by=user)[1]}", HTTP_IF_MATCH="*")
    return client


def confirmed_api_of(user: User) -> APIClient:
    """Somebody's program, whose person has confirmed a moment ago that it is them."""
    client = api_of(user)
    client.credentials(**client._credentials, **{f"HTTP_{HEADER.upper().replace('-', '_')}": confirmation_for(user)[0]})
    return client
