"""Identity providers of our own on this machine: real HTTP, real signatures."""

import base64
import datetime
import json
import re
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT, SECRET = "satu", "between-us"


@dataclass
class Oidc:
    """An OpenID provider: whoever comes is ``person``; ``unsigned`` is said beside the token only; ``lie`` says in what it is wrong."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    unsigned: dict[str, Any] = field(default_factory=dict)
    lie: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        """What it can do."""
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo", "jwks_uri": "keys"}
        return {"issuer": self.address} | {name: f"{self.address}/{path}" for name, path in paths.items()}

    def keys(self) -> dict[str, Any]:
        """Its public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Lets everybody in: the way back, with a code."""
        assert (query["client_id"], query["response_type"], query["code_challenge_method"]) == (CLIENT, "code", "S256")
        code = uuid4().hex
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """The code is worth one answer, to who can show the secret and the verifier."""
        asked = self.asked.pop(form["code"])
        assert (form["client_id"], form["client_secret"], form["redirect_uri"]) == (CLIENT, SECRET, asked["redirect_uri"])
        hashed = hashes.Hash(hashes.SHA256())
        hashed.update(form["code_verifier"].encode())
        assert base64.urlsafe_b64encode(hashed.finalize()).decode().rstrip("=") == asked["code_challenge"]
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "jti": uuid4().hex, **self.person}
        match self.lie:
            case "audience":
                claims["aud"] = "somebody-else"
            case "issuer":
                claims["iss"] = "https://evil.example"
            case "old":
                claims["exp"] = now - 10
        key = rsa.generate_private_key(65537, 2048) if self.lie == "key" else self.key
        sealed = jwt.encode(
            claims, "" if self.lie == "none" else key, algorithm="none" if self.lie == "none" else "RS256", headers={"kid": "one"}
        )
        return {"access_token": "let-me-ask", "token_type": "Bearer", "expires_in": 300, "id_token": sealed}

    def userinfo(self) -> dict[str, Any]:
        """Who it is, once more."""
        return self.person | self.unsigned | ({"sub": "another"} if self.lie == "person" else {})


@contextmanager
def oidc_running() -> Iterator[Oidc]:
    """The provider, answering on a port of this machine."""
    provider = Oidc()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, told: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            match parts.path:
                case "/.well-known/openid-configuration":
                    self.answer(provider.discovery())
                case "/keys":
                    self.answer(provider.keys())
                case "/userinfo":
                    assert self.headers["Authorization"] == "Bearer let-me-ask"
                    self.answer(provider.userinfo())
                case "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize({name: values[0] for name, values in parse_qs(parts.query).items()}))
                    self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
ENTITY = "https://idp.nusantara.example/saml"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a{id}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{asked}" NotOnOrAfter="{until}" Recipient="{to}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="s{id}"><saml:AuthnContext><saml:AuthnContextClassRef>{way}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r{id}" Version="2.0" IssueInstant="{now}" Destination="{to}" InResponseTo="{asked}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


class Saml:
    """A SAML identity provider: signs what it is asked to say."""

    def __init__(self) -> None:
        self.key, self.certificate = _pair()

    def answer(
        self, location: str, *, subject: str, email: str, signed: bool = True, audience: str = "", way: str = PASSWORD
    ) -> tuple[str, str]:
        """What the browser posts back after it was sent to ``location``: the address and the SAMLResponse."""
        asked = zlib.decompress(base64.b64decode(parse_qs(urlsplit(location).query)["SAMLRequest"][0]), -15).decode()
        now = datetime.datetime.now(datetime.UTC)
        stamp = {
            name: (now + datetime.timedelta(minutes=late)).strftime("%Y-%m-%dT%H:%M:%SZ")
            for name, late in (("now", 0), ("before", -2), ("until", 5))
        }
        to = re.search(r'AssertionConsumerServiceURL="([^"]+)"', asked)
        request, sp = re.search(r'\bID="([^"]+)"', asked), re.search(r"<saml:Issuer>([^<]+)<", asked)
        assert to
        assert request
        assert sp
        facts = stamp | {"id": uuid4().hex, "to": to[1], "asked": request[1], "issuer": ENTITY}
        assertion: Any = ASSERTION.format(**facts, audience=audience or sp[1], subject=subject, email=email, way=way)
        if signed:
            key = self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode()
            assertion = OneLogin_Saml2_Utils.add_sign(assertion, key, self.certificate)
        text = assertion.decode() if isinstance(assertion, bytes) else assertion
        whole = RESPONSE.format(**facts, assertion=re.sub(r"^<\?xml[^>]*\?>\s*", "", text))
        return urlsplit(to[1]).path, base64.b64encode(whole.encode()).decode()


def _pair() -> tuple[rsa.RSAPrivateKey, str]:
    key = rsa.generate_private_key(65537, 2048)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.nusantara.example")]), datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=2)).sign(key, hashes.SHA256())
    return key, signed.public_bytes(serialization.Encoding.PEM).decode()
