"""What this desk asked a kernel, remembered so that answers can be told from inventions. Pure.

A kernel's message names the request it answers. It is believed only when that request went
through here; then the request's own header is repeated, as the browser sent it. What names
another one, or none, stands alone. When the budget is used up a request still gets, once
each, the words without which a page waits for ever: *busy*, *reply*, *idle*, and one sentence
that says what to do. The memory is bounded: the oldest requests are forgotten.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

REMEMBERED: Final = 8_000


@dataclass(slots=True)
class Asked:
    """One request: its header as JSON, and which bare words it was given already."""

    parent: bytes
    said: set[str] = field(default_factory=set)

    def may_say(self, word: str) -> bool:
        """Tell whether this bare word is still owed, and take it as given."""
        if word in self.said:
            return False
        self.said.add(word)
        return True


class Requests:
    """The requests of one kernel."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[str, Asked] = OrderedDict()

    def add(self, header: Mapping[str, str]) -> None:
        """Remember a request as it goes to the kernel; an id that is known keeps its first header."""
        if header["msg_id"] in self._known:
            return
        self._known[header["msg_id"]] = Asked(json.dumps(dict(header), ensure_ascii=False).encode())
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def find(self, msg_id: object) -> Asked | None:
        return self._known.get(msg_id) if isinstance(msg_id, str) else None
