"""The board's numbers: a set of policy documents under one digest.

``policies/*.yaml`` is data. The digest of the whole set is stamped on every decision, and a
set that two board members did not adopt decides nothing. Rooms parse their own document
(``output_review.disclosure.policy`` for example) and hold its floors: a deployment may
tighten the built-in floors, never loosen them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enclave.audit.canonical import canonical
from enclave.errors import InvalidInputError
from enclave.sentences import say


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Documents by name (file name without ending) and the digest of them all."""

    documents: Mapping[str, Mapping[str, Any]]
    digest: str

    def document(self, name: str) -> Mapping[str, Any]:
        """One document; absent is a refusal, never an empty policy."""
        if name not in self.documents:
            raise InvalidInputError(
                "no_policy", say("The policy '{name}' is missing. Nothing is decided.", name=name)
            )
        return self.documents[name]


def policy_set(documents: Mapping[str, Mapping[str, Any]]) -> PolicySet:
    """The set of these documents. Numbers are written as integers or text: no floats.

    Raises:
        InvalidInputError: no documents at all, or a value without canonical form.
    """
    if not documents:
        raise InvalidInputError("no_policy", say("There is no policy. Nothing is decided without one."))
    try:
        digest = hashlib.sha256(canonical(documents)).hexdigest()
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            "bad_policy", say("A policy holds text, whole numbers, lists and keys only.")
        ) from error
    return PolicySet(documents, digest)
