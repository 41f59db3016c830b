"""What waits for a second person, the rules, and conflicts of duties, in the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import Facts, OperationViewSet, ReportViewSet, verb
from core.approvals import operations
from core.approvals.conflicts import by_person, by_role
from core.approvals.declaring import held_called
from core.approvals.models import Approval, SecondPerson, concerns
from core.approvals.serializers import (
    ApprovalSerializer,
    ConflictSerializer,
    DeclineSerializer,
    ExplainSerializer,
    SecondPersonSerializer,
    TakenSerializer,
)
from core.people.models import User


class Concerned(BasePermission):
    """Whoever may ask for something held, check it, or look at everything; who decides about which says the operation."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        """Signed in, and with something here for them."""
        user = request.user
        return isinstance(user, User) and user.is_active and concerns(user)

    def has_object_permission(self, request: Request, view: Any, approval: Any) -> bool:
        """What only who asked for it does, and what only who may check it does. Who asked is told that somebody else decides."""
        user, mine = User.of(request), approval.asked_by_id == request.user.pk
        if view.action in {"withdraw", "explain", "take"}:
            return bool(mine)
        if view.action in {"approve", "decline"}:
            held = held_called(approval.operation)
            return bool(mine or (held is not None and user.has_perm(held.needs)))
        return True


class ApprovalViewSet(OperationViewSet[Approval]):
    """What waits for a second person, and what was decided: one's own, what one may check, and everything for who may look at everything."""

    queryset = Approval.objects.select_related("asked_by").order_by("-pk")
    serializer_class = ApprovalSerializer
    permission_classes = (Concerned,)
    filterset_fields = {
        "status": ["exact"], "operation": ["exact"], "kind": ["exact"], "object_id": ["exact"], "asked_by": ["exact"], "decided_by": ["exact"],
    }  # fmt: skip
    search_fields = ("subject", "words")
    ordering_fields = ("asked_at", "decided_at")

    @property
    def acts_once(self) -> bool:  # type: ignore[override]
        """But for what shows a secret."""
        return bool(self.action != "take")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody between us and the program keeps a secret."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.action == "take":
            answer["Cache-Control"] = "no-store"
        return answer

    @verb("", sensitive=True)
    def approve(self, approval: Approval, _facts: Facts, by: User) -> Approval:
        """Let it happen, now, in the name of who asked for it. Nobody approves what they asked for."""
        return operations.approve_request(approval, by=by)

    @verb("", takes=DeclineSerializer, sensitive=True)
    def decline(self, approval: Approval, facts: Facts, by: User) -> Approval:
        """Let it not happen, and say why."""
        return operations.decline_request(approval, by=by, **facts)

    @verb("")
    def withdraw(self, approval: Approval, _facts: Facts, by: User) -> Approval:
        """Want it no longer: only who asked for it."""
        return operations.withdraw_request(approval, by=by)

    @verb("", takes=ExplainSerializer)
    def explain(self, approval: Approval, facts: Facts, by: User) -> Approval:
        """Say why it is wanted: only who asked for it."""
        return operations.explain_request(approval, by=by, **facts)

    @verb("", gives=TakenSerializer, sensitive=True)
    def take(self, approval: Approval, _facts: Facts, by: User) -> dict[str, Any]:
        """Have what was approved and only its maker may see, such as a token: it is made now and shown once."""
        taken, secret = operations.take_result(approval, by=by)
        return {"result_kind": taken.result_kind, "result_id": taken.result_id, "secret": secret}


class SecondPersonViewSet(OperationViewSet[SecondPerson]):
    """Where a second person is demanded; a new company begins without."""

    queryset = SecondPerson.objects.order_by("-pk")
    serializer_class = SecondPersonSerializer
    filterset_fields = {"operation": ["exact"], "demanded": ["exact"]}

    @verb("approvals.demand_second", sensitive=True)
    def demand(self, rule: SecondPerson, _facts: Facts, by: User) -> SecondPerson:
        """Let nobody do this alone any more. Refused while there is nobody who could check it."""
        return operations.demand_second(rule, by=by)

    @verb("approvals.waive_second", sensitive=True, waits=True)
    def waive(self, rule: SecondPerson, _facts: Facts, by: User) -> SecondPerson:
        """Let people do this alone again. Where there is another owner, they have to agree."""
        return operations.waive_second(rule, by=by)


class ConflictViewSet(ReportViewSet):
    """Who holds duties that do not go together, by person, or by role (`by=role`)."""

    permission = "approvals.view_conflicts"
    serializer_class = ConflictSerializer

    @extend_schema(
        parameters=[OpenApiParameter("by", str, enum=["person", "role"], description="Whose duties; people's when nothing is said.")],
        responses=ConflictSerializer(many=True),
    )
    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """A row for each pair that somebody holds."""
        found = by_role() if request.query_params.get("by") == "role" else by_person()
        return Response(ConflictSerializer(found, many=True).data)


ROUTES: list[tuple[str, Any]] = [
    ("approvals", ApprovalViewSet),
    ("second-person-rules", SecondPersonViewSet),
    ("duty-conflicts", ConflictViewSet),
]
