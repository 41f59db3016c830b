"""What happens to people and their roles."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    """Somebody works in these roles from now on."""

    KEY = "user_id"

    user_id: int
    roles: tuple[str, ...]
    given: tuple[str, ...]
    taken: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleUpdated(Event):
    """A role may do something else from now on, or is called otherwise; ``given`` and ``taken`` are permissions,
    ``narrowed`` the kinds of record of which it does not see all, such as ``crm.deal:own``."""

    KEY = "role_id"
    EXTERNAL = True

    role_id: int
    role: str
    name: str
    given: tuple[str, ...]
    taken: tuple[str, ...]
    narrowed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleRetired(Event):
    """Nobody is given this role any more."""

    KEY = "role_id"
    EXTERNAL = True

    role_id: int
    role: str
    name: str


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """These people are a team from now on; nobody, when it is dissolved."""

    KEY = "team_id"
    EXTERNAL = True

    team_id: int
    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AccessEnded(Event):
    """Somebody may not come in any more: no sign-in, no session, no token."""

    KEY = "user_id"

    user_id: int
    name: str
    email: str
