"""What one button does, with no page of its own: looking changes nothing, doing leads back."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.web.screen import Screen


class Deed(Screen, ABC):
    """One operation behind a button. Who only looks is sent to the page the button stands on (``stands_on``, a URL name); so is who did it,
    unless ``onward`` leads elsewhere. A script that asks for JSON gets an empty answer."""

    stands_on: ClassVar[str] = "web:home"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing: on to the page."""
        return redirect(self.stands_on)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        self.do()
        if request.headers.get("Accept", "").startswith("application/json"):
            return HttpResponse(status=204)
        return redirect(self.onward())

    @abstractmethod
    def do(self) -> None:
        """The one operation call."""

    def onward(self) -> str:
        """Where it leads."""
        return reverse(self.stands_on)
