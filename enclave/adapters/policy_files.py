"""``policies/*.yaml`` into a ``PolicySet``, or a refusal."""

from collections.abc import Mapping
from pathlib import Path

from enclave.adapters.lined_yaml import read_lined
from enclave.errors import InvalidInputError
from enclave.policy import PolicySet, policy_set
from enclave.sentences import say


def load_policies(folder: Path) -> PolicySet:
    """Every policy document of a folder, under one digest."""
    documents = {}
    for path in sorted(folder.glob("*.yaml")):
        document, _ = read_lined(path.read_text(encoding="utf-8"))
        if not isinstance(document, Mapping) or not document:
            raise InvalidInputError(
                "bad_policy", say("The policy '{name}' is empty or not a mapping.", name=path.stem)
            )
        documents[path.stem] = document
    return policy_set(documents)
