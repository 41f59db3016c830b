"""Users, from files."""

from dataclasses import replace

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.imports.columns import EMAIL, JOB_TITLE, PERSON_NAME
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import BadCell, Column, Facts
from core.imports.notation import up_to
from core.people.forms import role_choices
from core.people.models import User
from core.people.operations import change_roles, create_user, deactivate_user


def roles(cell: str) -> list[str]:
    """Roles by code or name, with commas between them."""
    known = dict(role_choices())
    names = {name.casefold(): code for code, name in known.items()} | {code: code for code in known}
    said = [part.strip().casefold() for part in cell.replace(";", ",").split(",") if part.strip()]
    unknown = next((part for part in said if part not in names), None)
    if unknown is not None:
        raise BadCell(_now("“%(role)s” is none of: %(roles)s.") % {"role": unknown, "roles": ", ".join(known.values())})
    return [names[part] for part in said]


def create(facts: Facts, by: User) -> User:
    """Somebody who may sign in once they were given a password."""
    return create_user(by=by, password=None, **{"roles": [], **facts})


def update(user: User, facts: Facts, by: User) -> User:
    """Only roles are decided from outside; name and preferences are everybody's own."""
    return change_roles(user, facts["roles"], by=by) if "roles" in facts else user


def cells(user: User) -> dict[str, str]:
    """A user as a row of a file."""
    return {"email": user.email, "roles": ",".join(sorted(user.groups.values_list("name", flat=True)))}


provide(
    ImportKind(
        "people.user",
        _("Users"),
        User,
        permission="people.create_user",
        change_permission="people.change_roles",
        columns=(
            replace(EMAIL.also("login", "username"), required=True, example="rina@nusantara.example"),
            replace(PERSON_NAME.also("employee"), parse=up_to(120), example="Rina Kusuma"),
            replace(JOB_TITLE, example="Staf gudang"),
            Column(
                "roles",
                _("Roles"),
                roles,
                default=(),
                synonyms=("role", "peran", "hak akses", "group"),
                example="storekeeper",
                help=_("Several with commas between them."),
            ),
        ),
        keys=("email",),
        find=lambda facts: User.objects.filter(email__iexact=facts["email"], kind=User.Kind.HUMAN).first(),
        create=create,
        update=update,
        cells=cells,
        remove=lambda user, by: deactivate_user(user, by=by),
        kept_as=_("Kept, without access: people are never removed."),
        lists=("people:users",),
        icon="users-round",
        sensitive=True,
        hint=_("Colleagues with their roles. They sign in once they are given a password."),
    )
)
