"""Looking at what a test's house recorded and refused."""

import json
from typing import Any

import pytest

from enclave.audit.kinds import Kind
from enclave.errors import DeniedError, EnclaveError
from tests.support.review_fakes import FakeReviewHouse


def refused(code: str, kind: type[EnclaveError] = DeniedError) -> Any:
    return pytest.raises(kind, check=lambda error: isinstance(error, EnclaveError) and error.code == code)


def kinds(house: FakeReviewHouse, request_id: str) -> list[str]:
    leaves = [json.loads(e.data) for e in house.entries]
    return [leaf["kind"] for leaf in leaves if leaf["subject"] == request_id]


def facts_of(house: FakeReviewHouse, kind: Kind) -> dict[str, Any]:
    leaf = [json.loads(e.data) for e in house.entries if json.loads(e.data)["kind"] == kind.value][-1]
    facts: dict[str, Any] = leaf["facts"]
    return facts
