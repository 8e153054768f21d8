"""Who may do what at the hub: two roles, and no third.

Everybody has ``user``: their own servers, their own name, the portal. Operators have ``ops``
besides, by a group: they see who and what is there, and start and end workspaces. A workspace
that an operator starts is its owner's: the spawner asks whether the *owner* may have it, and the
operator cannot enter it. Nobody, and no service, holds what amounts to being somebody else:
``access:servers`` of others, ``tokens``, ``shares``, ``admin:users``, ``groups``, ``proxy``.

The group is the register's operators. It is written anew from the register at every sign-in and
whenever the hub looks a person up again (every four seconds while they ask for something), so
who loses the role has lost the group by the next answer. An operator who is a researcher too is
not in it: their own notebooks' pages share the hub's origin, and what such a page asks is asked
with its reader's sign-in. They act through the commands, which ask for password and code.
"""

from typing import Any

from enclave.identity import Role

USER_SCOPES = (
    "access:servers!user",
    "servers!user",
    "read:users!user",
    "users:activity!user",
    "access:services!service=portal",
)
OPS_SCOPES = ("admin-ui", "list:users", "read:users", "read:servers", "start:servers", "delete:servers")
OPS_GROUP = "ops"


def hub_roles() -> list[dict[str, Any]]:
    """The roles as JupyterHub loads them; what is not named here has no members."""
    return [
        {"name": "user", "scopes": list(USER_SCOPES)},
        {"name": "ops", "scopes": list(OPS_SCOPES), "groups": [OPS_GROUP]},
    ]


def groups_of(held: frozenset[Role]) -> list[str]:
    """The hub's groups of somebody who holds these roles of the house."""
    return [OPS_GROUP] if Role.OPERATOR in held and Role.RESEARCHER not in held else []
