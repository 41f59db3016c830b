"""What is typed at the door."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label, password.help_text = _("E-mail"), _("Password"), ""
        login.widget.attrs = {"autocomplete": "username webauthn", "autofocus": True, "maxlength": 254}
        password.widget.attrs = {"autocomplete": "current-password", "maxlength": 128}


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]
    """Whose password is to be made anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs = {"autocomplete": "username", "autofocus": True, "maxlength": 254}


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, again = self.fields["password1"], self.fields["password2"]
        first.label, again.label = _("New password"), _("New password again")
        first.help_text = " ".join(password_validators_help_texts())
        for field in (first, again):
            field.widget.attrs = {"autocomplete": "new-password", "maxlength": 128}
