"""What an OpenID provider must have proved: asked for is not enough."""

from typing import Any

import pytest

from hub.sign_in import claim_refusal

NOW = 1_800_000_000
GOOD = {"amr": ["pwd", "otp"], "acr": "aal2", "auth_time": NOW - 60}


def code(claims: dict[str, Any], amr: tuple[str, ...] = ("otp",), acr: tuple[str, ...] = ()) -> str | None:
    refusal = claim_refusal(claims, amr, acr, 3600, NOW)
    return None if refusal is None else refusal.code


def test_no_requirement_is_no_sign_in() -> None:
    assert code(GOOD, (), ()) == "no_requirement"


def test_no_claims_are_no_sign_in() -> None:
    assert code({}) == "amr"
    assert code({}, (), ("aal2",)) == "acr"


def test_what_was_proved_is_enough() -> None:
    assert code(GOOD) is None
    assert code(GOOD, ("otp", "pwd"), ("aal3", "aal2")) is None


@pytest.mark.parametrize("amr", [None, [], ["pwd"], "otp", "pwd otp", [["otp"]], {"otp": True}, 1])
def test_a_method_that_was_not_named_was_not_used(amr: object) -> None:
    assert code({**GOOD, "amr": amr}) == "amr"


@pytest.mark.parametrize("acr", [None, "", "aal1", ["aal2"], "aal2 "])
def test_a_context_that_is_not_on_the_list_does_not_count(acr: object) -> None:
    assert code({**GOOD, "acr": acr}, (), ("aal2",)) == "acr"


@pytest.mark.parametrize("at", [None, "now", True, NOW - 3601, NOW + 61, float(NOW)])
def test_an_old_or_unsaid_time_is_refused(at: object) -> None:
    assert code({**GOOD, "auth_time": at}) == "auth_time"
