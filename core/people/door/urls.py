"""The addresses of the door, by the names that allauth calls them."""

from allauth.socialaccount.providers.saml import views as saml
from django.urls import path, re_path

from core.people.door import companies, views
from core.web.signin import SignIn, SignOut

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/second-factor/", views.SecondFactor.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", views.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/restart/", views.restart, name="door-restart"),
    path("sign-in/ended/", views.ended, name="account_inactive"),
    path("sign-in/cancelled/", views.cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/oidc/<slug:provider_id>/", companies.oidc_sign_in, name="openid_connect_login"),
    path("sign-in/oidc/<slug:provider_id>/back/", companies.oidc_callback, name="openid_connect_callback"),
    *(
        path(f"sign-in/saml/<slug:organization_slug>/{at}/", companies.saml(view), name=name)
        for at, view, name in (
            ("login", saml.login, "saml_login"),
            ("acs", saml.acs, "saml_acs"),
            ("acs/finish", companies.FinishSaml.as_view(), "saml_finish_acs"),
            ("sls", saml.sls, "saml_sls"),
            ("metadata", saml.metadata, "saml_metadata"),
        )
    ),
    path("sign-out/", SignOut.as_view(), name="account_logout"),
    path("password/forgotten/", views.Forgotten.as_view(), name="account_reset_password"),
    path("password/forgotten/sent/", views.ForgottenSent.as_view(), name="account_reset_password_done"),
    re_path(r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", views.NewPassword.as_view(), name="account_reset_password_from_key"),
]
