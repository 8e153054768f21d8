"""What a signed-in browser may do with each kind of thing. What is not named is refused.

The second line behind the address table. It is keyed by what the answering class says about
itself and by the request's own method, because the server's decorator remembers the first
caller's values for the life of the process.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RIGHTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "api": frozenset({"GET"}),
        "contents": frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"}),
        "csp": frozenset({"POST"}),
        "hanare": frozenset({"GET"}),
        "kernels": frozenset({"GET", "POST", "DELETE"}),
        "kernelspecs": frozenset({"GET"}),
        "sessions": frozenset({"GET", "POST", "PATCH", "DELETE"}),
    },
)

REFUSED_CLASSES: Final = frozenset({"AuthenticatedFileHandler", "FilesHandler", "FilesRedirectHandler"})
"""Classes that give whole files under the same resource name as the guarded ones."""


def is_allowed(resource: str | None, method: str, answering_class: str) -> bool:
    """Tell whether this class may answer this method for this resource."""
    if resource is None or answering_class in REFUSED_CLASSES:
        return False
    return method in RIGHTS.get(resource, frozenset())
