"""Nothing on an envelope is the kernel's, and an answer belongs to a request of this desk."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.analysis.desk.hanare_desk.envelopes import NOBODY, Envelopes, frame_text, frame_v1, pack
from images.analysis.desk.hanare_desk.outputs import TYPES, trim
from images.analysis.desk.hanare_desk.requests import Requests

DATE = "2026-11-20T00:00:00+00:00"
KINDS = [(channel, kind) for channel, kinds in TYPES.items() for kind in sorted(kinds)]
WORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def parts_v1(frame: bytes) -> list[bytes]:
    count = int.from_bytes(frame[:8], "little")
    offsets = [int.from_bytes(frame[8 * n + 8 : 8 * n + 16], "little") for n in range(count)]
    return [frame[begin:end] for begin, end in itertools.pairwise(offsets)]


def test_a_request_that_was_never_sent_has_no_header() -> None:
    assert Requests().find("x") is None
    assert Requests().find(["x"]) is None


def test_the_header_of_a_request_is_repeated_as_the_browser_sent_it() -> None:
    requests = Requests()
    requests.add({"msg_id": "a", "msg_type": "execute_request", "date": "1"})
    requests.add({"msg_id": "a", "msg_type": "other"})
    asked = requests.find("a")
    assert asked is not None
    assert json.loads(asked.parent) == {"msg_id": "a", "msg_type": "execute_request", "date": "1"}


def test_the_memory_of_requests_is_bounded() -> None:
    requests = Requests(most=3)
    for number in range(5):
        requests.add({"msg_id": str(number)})
    assert requests.find("1") is None
    assert requests.find("2") is not None


def test_each_bare_word_is_owed_once() -> None:
    requests = Requests()
    requests.add({"msg_id": "a"})
    asked = requests.find("a")
    assert asked is not None
    assert [asked.may_say(word) for word in ("busy", "idle", "busy", "idle")] == [True, True, False, False]


@pytest.mark.parametrize("texts", [{}, {"text/plain": '図"}'}])
def test_a_picture_is_packed_as_json_would(texts: dict[str, str]) -> None:
    for content in (
        {"data": {**texts, "image/png": "abc+/="}, "metadata": {}, "transient": {}},
        {"status": "ok", "data": {"image/png": "a", **texts, "image/jpeg": "b"}},
        {"data": texts},
        {"code": "図"},
    ):
        assert json.loads(pack(content)) == content


def test_a_new_life_is_a_new_session_and_no_id_comes_twice() -> None:
    envelopes = Envelopes("k")
    first, second = (json.loads(envelopes.header("status", DATE)) for _ in range(2))
    envelopes.begin_life()
    third = json.loads(envelopes.header("status", DATE))
    assert first["session"] == second["session"] != third["session"]
    assert len({one["msg_id"] for one in (first, second, third)}) == 3


@given(st.sampled_from(KINDS), st.dictionaries(st.text(max_size=9), WORDS, max_size=4), WORDS, WORDS)
def test_nothing_of_a_kernels_header_survives(
    named: tuple[str, str], header: dict[str, Any], parent: Any, content: Any
) -> None:
    """Whatever a kernel writes, two kernels that write different headers are shown the same."""
    channel, kind = named
    shown = trim(channel, kind, content if isinstance(content, dict) else {}, None)
    assert shown is not None
    requests = Requests()
    asked = requests.find(parent.get("msg_id")) if isinstance(parent, dict) else None
    assert asked is None
    packed = json.dumps(shown.content).encode("utf-8", "replace")
    made = Envelopes("k").header(kind, DATE)
    assert made == Envelopes("k").header(kind, DATE)
    frame = frame_v1(channel, made, NOBODY, packed)
    assert parts_v1(frame) == [channel.encode(), made, b"{}", b"{}", packed]
    whole = json.loads(frame_text(channel, made, NOBODY, packed))
    assert whole["header"] == json.loads(made)
    assert set(whole) == {"channel", "header", "parent_header", "metadata", "buffers", "content"}
    assert (whole["parent_header"], whole["metadata"], whole["buffers"]) == ({}, {}, [])
