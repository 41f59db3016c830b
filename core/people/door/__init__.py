"""How people come in: password, second factors, the company's own sign-in, sessions. Built on django-allauth; see docs/signing-in.md."""
