"""Papers in the API: every record that has some gives them as PDF, and sends them."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request

from core.api.viewsets import Facts, VerbViewSet, verb
from core.effects.models import Effect
from core.people.models import User
from core.printing.documents import Document, find, printout
from core.printing.operations import send_document


class SendDocumentSerializer(serializers.Serializer[Any]):
    """Which paper, to whom, and what the e-mail says. All but ``document`` may be left out: the main address, the usual words.
    The same ``key`` sends once. ``options`` are what a paper asks for, such as the period of a statement."""

    document = serializers.SlugField()
    to = serializers.ListField(child=serializers.EmailField(), required=False)
    cc = serializers.ListField(child=serializers.EmailField(), required=False)
    subject = serializers.CharField(max_length=200, required=False)
    body = serializers.CharField(max_length=10_000, required=False)
    key = serializers.CharField(max_length=64, required=False)
    options = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)


class SentSerializer(serializers.ModelSerializer[Effect]):
    """The e-mail that is on its way; ``status`` says how far it is."""

    to = serializers.ListField(child=serializers.EmailField(), source="recipients", read_only=True)
    subject = serializers.CharField(read_only=True)

    class Meta:
        model = Effect
        fields = ("id", "kind", "status", "to", "subject", "attempts", "answer", "created_at", "ended_at")
        read_only_fields = fields


class PapersMixin(VerbViewSet):
    """``GET <record>/<document>.pdf`` and ``POST <record>/send-document/``, with the rights of the record."""

    def permission_for_action(self) -> str | None:
        """A paper opens to whoever may see the record."""
        if self.action == "pdf":
            model = self.get_queryset().model
            return f"{model._meta.app_label}.view_{model._meta.model_name}"
        return super().permission_for_action()

    @extend_schema(
        parameters=[
            OpenApiParameter("document", str, OpenApiParameter.PATH, description="Which paper, e.g. invoice or order-confirmation."),
            OpenApiParameter("start", OpenApiTypes.DATE, description="First day, for papers over a period."),
            OpenApiParameter("end", OpenApiTypes.DATE, description="Last day, for papers over a period."),
        ],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path=r"(?P<document>[\w-]+)\.pdf", url_name="pdf", pagination_class=None)
    def pdf(self, request: Request, document: str, **_kwargs: Any) -> HttpResponse:
        """The paper as PDF."""
        record = self.get_object()
        found = _find(record, document, User.of(request))
        made = printout(found, record, **_options(found, request.query_params))
        name = made.paper.file_name.encode("ascii", "replace").decode().replace("?", "-")
        return HttpResponse(made.pdf(), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})

    @verb("effects.send_document", takes=SendDocumentSerializer, gives=SentSerializer)
    def send_document(self, record: Any, facts: Facts, by: User) -> Effect:
        """Send one of the record's papers by e-mail; answers with the e-mail, which a worker takes from here."""
        found = _find(record, facts["document"], by)
        options = _options(found, facts.pop("options", {}))
        return send_document(record, by=by, **facts, **options)


def _find(record: Any, slug: str, user: User) -> Document:
    found = find(record._meta.label_lower, slug)
    if found is None or (found.when is not None and not found.when(record)):
        raise NotFound
    if not found.offered(record, user) or not user.has_perm(f"{record._meta.app_label}.view_{record._meta.model_name}"):
        raise PermissionDenied
    return found


def _options(document: Document, given: Any) -> dict[str, Any]:
    if document.form is None:
        return {}
    asked = {name: given[name] for name in document.form.base_fields if given.get(name)}
    usual = document.options()
    form = document.form({name: asked.get(name, value) for name, value in usual.items()})
    if not form.is_valid():
        raise ValidationError({name: [str(fault) for fault in faults] for name, faults in form.errors.items()})
    return dict(form.cleaned_data)


ROUTES: list[tuple[str, type[VerbViewSet]]] = []
"""Papers have no address of their own: they hang on the records'."""
