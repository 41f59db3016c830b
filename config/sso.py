"""The company's own sign-in, as the environment describes it: OpenID Connect, SAML, both or none (docs/signing-in.md)."""

from typing import Any
from urllib.parse import urlsplit

from environs import Env

SAML_ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "email",
        "mail",
    ],
    "name": ["http://schemas.microsoft.com/identity/claims/displayname", "urn:oid:2.16.840.1.113730.3.1.241", "displayName", "name"],
}


def providers(env: Env) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS`` of allauth."""
    found: dict[str, Any] = {"openid_connect": {"APPS": [], "OAUTH_PKCE_ENABLED": True}, "saml": {"APPS": []}}
    if url := env.str("SATU_OIDC_URL", ""):
        told: dict[str, Any] = {"server_url": url, "factors": words(env, "SATU_OIDC_FACTORS")}
        if env.bool("SATU_OIDC_TRUSTS_EMAIL", False):
            told["verified_email"] = True
        found["openid_connect"]["APPS"].append(
            {
                "provider_id": "company",
                "name": env.str("SATU_OIDC_NAME", "OpenID Connect"),
                "client_id": env.str("SATU_OIDC_CLIENT_ID"),
                "secret": env.str("SATU_OIDC_CLIENT_SECRET"),
                "settings": told,
            }
        )
    if entity := env.str("SATU_SAML_ENTITY_ID", ""):
        found["saml"]["APPS"].append(
            saml(
                entity,
                name=env.str("SATU_SAML_NAME", "SAML"),
                sso_url=env.str("SATU_SAML_SSO_URL"),
                certificate=env.str("SATU_SAML_CERTIFICATE"),
                factors=words(env, "SATU_SAML_FACTORS"),
            )
        )
    return found


def saml(entity: str, *, name: str, sso_url: str, certificate: str, factors: list[str]) -> dict[str, Any]:
    """One identity provider that speaks SAML: it is the company's own, so that its addresses count as verified; what it says must be signed.
    ``factors`` are the authentication contexts by which it says that it asked for a second factor."""
    return {
        "client_id": "company",
        "provider_id": entity,
        "name": name,
        "settings": {
            "verified_email": True,
            "factors": factors,
            "attribute_mapping": SAML_ATTRIBUTES,
            "idp": {"entity_id": entity, "sso_url": sso_url, "x509cert": certificate},
            "advanced": {"strict": True, "want_assertion_signed": True, "want_name_id": True, "reject_idp_initiated_sso": True},
        },
    }


def words(env: Env, name: str) -> list[str]:
    """What is listed with commas between."""
    return [word for one in env.str(name, "").split(",") if (word := one.strip())]


def origins(env: Env) -> list[str]:
    """Where a form of the sign-in page may lead to: browsers look at the whole way (``form-action``)."""
    told = [env.str(name, "") for name in ("SATU_OIDC_URL", "SATU_SAML_SSO_URL")] + env.list("SATU_SSO_ORIGINS", [])
    return sorted({f"{parts.scheme}://{parts.netloc}" for one in told if (parts := urlsplit(one)).netloc})
