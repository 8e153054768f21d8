"""The pure parts of the outside client: one-time codes, refusals, proofs, what it prints and keeps."""

import io
import json
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.walk_browser import hub_token, refusal
from demo.walk_notebook import Told
from demo.walk_people import STEP_SECONDS, Someone, next_step, read_cast, totp
from demo.walk_story import main
from demo.walk_telling import FaultError, Telling, padded, shortened
from demo.walk_trees import proves, root_from
from enclave.audit.merkle import inclusion_path, leaf_hash, root_of
from tests.unit.verifier.written_ledger import a_ledger

RFC_6238_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" in base32


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert totp(RFC_6238_SECRET, seconds // STEP_SECONDS) == code


def test_secrets_without_padding_are_understood() -> None:
    assert totp("gezdgnbvgy", 1) == totp("GEZDGNBVGY======", 1)


@given(st.floats(min_value=1e9, max_value=2e9), st.integers(-3, 3))
def test_a_step_is_never_used_twice_and_accepted_when_it_is_given(now: float, ahead: int) -> None:
    used = int(now // STEP_SECONDS) + ahead
    step, wait = next_step(now, used)
    present = int((now + wait) // STEP_SECONDS)
    assert step > used
    assert abs(step - present) <= 1
    assert wait == 0 or ahead >= 1


def test_a_person_waits_for_a_code_rather_than_giving_one_twice() -> None:
    person = Someone("mei", "pw", RFC_6238_SECRET, frozenset({"researcher"}), "明石 芽衣", "touto")
    now, waited = [1_000_000_015.0], []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    codes = [person.code(lambda: now[0], wait) for _ in range(5)]
    assert len(set(codes)) == 5
    assert sum(waited) < 3 * STEP_SECONDS


def test_the_cast_is_read_as_it_is_written(tmp_path: Path) -> None:
    document = {
        "hub": "http://127.0.0.1:8000",
        "portal": "http://localhost:8001",
        "project": "p-diabetes",
        "people": [
            {
                "username": name,
                "password": "pw",
                "totp_secret": RFC_6238_SECRET,
                "roles": [role],
                "display_name": name,
                "organisation": "o",
            }
            for name, role in (("mei", "researcher"), ("ken", "researcher"), ("aoi", "checker"))
        ],
        "source": {"kind": "generated", "rows_read": 3, "rows_quarantined": 0},
    }
    (tmp_path / "cast.json").write_text(json.dumps(document), "utf-8")
    cast = read_cast(tmp_path / "cast.json")
    assert [p.username for p in cast.with_role("researcher")] == ["mei", "ken"]
    assert cast.one("checker").username == "aoi"
    with pytest.raises(IndexError):
        cast.one("auditor")


def test_without_a_cast_the_walk_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "absent.json"), "--evidence", str(tmp_path / "e.json")]) == 2
    assert "make demo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            httpx.Response(403, json={"error": {"code": "wrong_role", "ja": "…", "en": "…"}}),
            (403, "wrong_role"),
        ),
        (httpx.Response(403, json={"status": 403, "message": "Forbidden"}), (403, "")),
        (httpx.Response(404, text="<html>"), (404, "")),
        (httpx.Response(200, json=[]), (200, "")),
        (httpx.Response(403, json={"error": "no"}), (403, "")),
    ],
)
def test_a_refusal_is_its_status_and_code(answer: httpx.Response, expected: tuple[int, str]) -> None:
    assert refusal(answer) == expected


def test_the_hubs_form_token_is_found_in_its_page() -> None:
    with httpx.Client() as client:
        assert hub_token(client, '<input type="hidden" name="_xsrf" value="a|b" />') == "a|b"
        assert hub_token(client, "<html>") == ""


def test_a_cell_is_over_with_its_reply_and_its_idle_in_either_order() -> None:
    def message(kind: str, content: dict[str, object], parent: str = "m") -> dict[str, object]:
        return {"header": {"msg_type": kind}, "parent_header": {"msg_id": parent}, "content": content}

    told = Told("m")
    told.take(message("status", {"execution_state": "idle"}, "other"))
    told.take(message("stream", {"text": "1\n"}))
    told.take(message("execute_reply", {"status": "ok"}))
    assert not told.over
    told.take(message("error", {"ename": "NotRecorded", "evalue": "no"}))
    told.take(message("status", {"execution_state": "idle"}))
    assert told.over
    assert told.text == "1\nNotRecorded: no\n"


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_proofs_are_computed_as_the_house_makes_them(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    path = inclusion_path(index, hashes)
    assert root_from(leaves[index], index, len(leaves), path) == root_of(hashes)
    assert root_from(leaves[index], index, len(leaves), [*path, b"\x00" * 32]) is None
    assert root_from(leaves[index], len(leaves), len(leaves), path) is None
    assert root_from(leaves[index] + b"x", index, len(leaves), path) != root_of(hashes)


def test_a_receipt_proves_its_leaf_and_no_other() -> None:
    receipt = a_ledger(9).receipt(5, 7)
    assert proves(receipt)
    assert not proves(receipt | {"number": 4})
    assert not proves(receipt | {"size": 9})
    assert not proves(receipt | {"path": receipt["path"][:-1]})


def test_a_step_that_does_not_hold_ends_the_walk_and_stays_in_the_evidence(tmp_path: Path) -> None:
    out = io.StringIO()
    telling = Telling(out)
    with telling.step("一", "one") as step:
        step.show("seen", {"n": 1})
        step.insist(True, "this holds")
    with pytest.raises(FaultError), telling.step("二", "two") as step:
        step.insist([], "this does not")
    telling.refused("a vote", 403, "wrong_role")
    telling.write(tmp_path / "deep" / "evidence.json")
    kept = json.loads((tmp_path / "deep" / "evidence.json").read_text("utf-8"))
    assert kept["held"] is False
    assert [step["ok"] for step in kept["steps"]] == [True, False]
    assert kept["refusals"] == [{"what": "a vote", "status": 403, "code": "wrong_role"}]
    assert "✓" in out.getvalue()
    assert "✗  FaultError: this does not" in out.getvalue()
    assert "\033" not in out.getvalue()


def test_a_walk_of_no_steps_did_not_hold(tmp_path: Path) -> None:
    Telling(io.StringIO()).write(tmp_path / "evidence.json")
    assert json.loads((tmp_path / "evidence.json").read_text("utf-8"))["held"] is False


def test_japanese_takes_two_columns() -> None:
    assert padded("監査", 6) == "監査  "
    assert padded("abc", 2) == "abc"
    assert len(shortened({"x": "y" * 400})) == 150
