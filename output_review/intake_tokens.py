"""Whether a token is the desk's own, asked at the hub and remembered for 15 seconds.

A desk's server token carries both ``access:servers!server=<person>/<project>`` and
``users:activity!user=<person>``; a browser's page token carries only the first and is refused.
The token itself is not kept: its SHA-256 is. When the hub does not answer, nobody is let in on
an answer that is past its time.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from enclave.errors import DeniedError
from enclave.sentences import say
from output_review.ports import LiveWorkspace

REMEMBERED_SECONDS = 15.0

AskHub = Callable[[str], Awaitable[frozenset[str] | None]]
"""From a token to its scopes at the hub; None for an unknown one.

Raises ``UnavailableError`` when the hub does not answer.
"""

NOT_THIS_DESK = say("This is not the desk of this workspace. Stop the workspace and start it again.")


def scopes_of(workspace: LiveWorkspace) -> frozenset[str]:
    """What the token of this workspace's desk carries, both of it."""
    return frozenset(
        {
            f"access:servers!server={workspace.person}/{workspace.server_name}",
            f"users:activity!user={workspace.person}",
        }
    )


@dataclass(slots=True)
class TokenDoor:
    """Remembers good answers, by workspace and token digest."""

    ask: AskHub
    clock: Callable[[], float]
    """A clock that only goes forward, in seconds."""
    _until: dict[tuple[LiveWorkspace, str], float] = field(default_factory=dict)

    async def check(self, workspace: LiveWorkspace, authorization: str) -> None:
        """Pass, or raise.

        Raises:
            DeniedError: no token, or not this desk's.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme != "token" or not token.strip():
            raise DeniedError("not_this_desk", NOT_THIS_DESK)
        now = self.clock()
        key = (workspace, hashlib.sha256(token.encode()).hexdigest())
        if self._until.get(key, now) > now:
            return
        scopes = await self.ask(token)
        if scopes is None or not scopes_of(workspace) <= scopes:
            self._until.pop(key, None)
            raise DeniedError("not_this_desk", NOT_THIS_DESK)
        self._until = {known: until for known, until in self._until.items() if until > now}
        self._until[key] = now + REMEMBERED_SECONDS
