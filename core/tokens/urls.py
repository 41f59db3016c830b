"""Addresses of the token screens."""

from django.utils.translation import gettext_lazy as _

from core.tokens import views
from core.web.registry import name_module, routes

name_module(_("API"), "key-square", area="tokens")
app_name = "tokens"
urlpatterns = routes(
    views.MyTokens,
    views.NewToken,
    views.Revoke,
    views.Tokens,
    views.TokenRecord,
    views.Services,
    views.NewService,
    views.NewServiceToken,
)
