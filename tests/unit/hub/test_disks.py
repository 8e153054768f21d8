"""What may be asked of the disks, by whom, and in which steps an opening goes."""

import json
from itertools import product
from pathlib import Path

import pytest

from enclave.errors import ConflictError, DeniedError, EnclaveError, InvalidInputError, UnavailableError
from hub.disks import (
    MAY,
    REFUSALS,
    Ask,
    DiskSize,
    DiskState,
    Found,
    Peer,
    Request,
    Step,
    format_command,
    judge,
    key_purpose,
    parse_disk_size,
    peers_of,
    plan_open,
    read_answer,
    refusal,
    work_is_sealed,
    write_answer,
    write_refusal,
    write_request,
)
from hub.disks_kernel import Mount, parse_mounts
from setup.mounts import mount_points_below
from tests.support.hub_plans import HOUSE, SHARED

WID = "0123456789ab"
OPENING = Request(Ask.OPEN, WID, 7, bytes(range(32)))
HUB, SWEEPER, ROOT = (frozenset({peer}) for peer in (Peer.HUB, Peer.SWEEPER, Peer.ROOT))


def refused(peers: frozenset[Peer], line: bytes) -> str:
    with pytest.raises(EnclaveError) as caught:
        judge(peers, line)
    return caught.value.code


def test_nobody_may_ask_anything() -> None:
    for ask in Ask:
        request = OPENING if ask is Ask.OPEN else Request(ask, WID)
        assert refused(frozenset(), write_request(request)) == "disk_not_allowed"
    assert peers_of(1000, {}) == frozenset()
    assert peers_of(1000, {"hanare-hub": 900, "root": 0}) == frozenset()


def test_a_user_that_does_not_exist_is_nobody() -> None:
    known = {"hanare-hub": 900, "root": 0}
    assert peers_of(900, known) == HUB
    assert peers_of(0, known) == ROOT
    assert peers_of(901, {**known, "hanare-sweeper": 901}) == SWEEPER
    assert peers_of(0, {}) == frozenset()


@pytest.mark.parametrize(("peer", "ask"), list(product(Peer, Ask)))
def test_each_peer_may_ask_what_stands_in_the_table(peer: Peer, ask: Ask) -> None:
    request = OPENING if ask is Ask.OPEN else Request(ask, WID)
    if ask in MAY[peer]:
        assert judge(frozenset({peer}), write_request(request)) == request
    else:
        assert refused(frozenset({peer}), write_request(request)) == "disk_not_allowed"


def test_the_hub_erases_nothing_and_the_sweeper_opens_nothing() -> None:
    assert Ask.ERASE not in MAY[Peer.HUB]
    assert Ask.OPEN not in MAY[Peer.SWEEPER]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"null\n",
        b"[]\n",
        b"{}\n",
        write_request(OPENING)[:-1],
        write_request(OPENING).replace(b"{", b"{" + b" " * 1024),
        b'{"ask": "state"}\n',
        b'{"ask": "mount", "wid": "0123456789ab"}\n',
        b'{"ask": "state", "wid": "../../etc"}\n',
        b'{"ask": "state", "wid": "0123456789AB"}\n',
        b'{"ask": "state", "wid": 7}\n',
        b'{"ask": "state", "wid": "0123456789ab", "key": "00"}\n',
        b'{"ask": "open", "wid": "0123456789ab", "number": 7}\n',
        b'{"ask": "open", "wid": "0123456789ab", "number": 7, "key": ""}\n',
        write_request(Request(Ask.OPEN, WID, 7, bytes(31))),
        write_request(Request(Ask.OPEN, WID, 7, bytes(64))),
        write_request(Request(Ask.OPEN, WID, 0, bytes(32))),
        write_request(Request(Ask.OPEN, WID, 100_001, bytes(32))),
        write_request(OPENING).replace(b'"number": 7', b'"number": true'),
        write_request(OPENING).replace(b'"number": 7', b'"number": 7.0'),
        write_request(OPENING).replace(b'"number": 7', b'"number": 7, "size": 1'),
        b"[" * 1000 + b"\n",
    ],
)
def test_what_is_not_a_request_is_refused(line: bytes) -> None:
    assert refused(ROOT, line) == "disk_bad_request"


def test_a_request_does_not_show_its_key() -> None:
    assert OPENING.key.hex() not in f"{OPENING} {OPENING!r}"


def test_a_refusal_travels_as_its_code() -> None:
    for code, (kind, sentence) in REFUSALS.items():
        with pytest.raises(kind) as caught:
            read_answer(write_refusal(code))
        assert (caught.value.code, caught.value.sentence) == (f"disk_{code}", sentence)
    assert refusal("nobody knows this").code == "disk_failed"
    assert [type(refusal(c)) for c in ("not_allowed", "bad_request", "wrong_key", "busy")] == [
        DeniedError,
        InvalidInputError,
        ConflictError,
        UnavailableError,
    ]


def test_an_answer_that_cannot_be_understood_is_a_failure() -> None:
    state = DiskState(open=True, used_bytes=1, size_bytes=2, used_inodes=3, inodes=4)
    assert read_answer(write_answer(state)) == state
    for line in (b"", b"{", b"[]", b'{"opened": true}', write_answer(state)[:-9]):
        with pytest.raises(UnavailableError):
            read_answer(line)


def test_nothing_there_is_made_from_nothing() -> None:
    assert plan_open(Found()) == (
        Step.FORMAT,
        Step.STAGE,
        Step.LOCK,
        Step.TAKE_IN,
        Step.SHOW,
        Step.CLEAR_STAGE,
    )


def test_an_image_is_never_made_over() -> None:
    for half, staged, shown in product((False, True), repeat=3):
        steps = plan_open(Found(image=True, half_made=half, staged=staged, shown=shown))
        assert Step.FORMAT not in steps
        assert Step.LOCK not in steps
        assert Step.UNLOCK in steps


def test_a_half_made_image_is_thrown_away_before_a_new_one_is_made() -> None:
    steps = plan_open(Found(half_made=True, staged=True))
    assert steps[:3] == (Step.CLEAR_STAGE, Step.DISCARD_HALF, Step.FORMAT)


def test_every_opening_proves_the_key_before_anything_is_shown() -> None:
    for image, half, staged in product((False, True), repeat=3):
        steps = plan_open(Found(image=image, half_made=half, staged=staged))
        proved = steps.index(Step.UNLOCK if image else Step.LOCK)
        assert proved < steps.index(Step.TAKE_IN) < steps.index(Step.SHOW)
        assert steps[-1] is Step.CLEAR_STAGE
    assert plan_open(Found(image=True, shown=True)) == (Step.UNLOCK,)


def policy(mebibytes: object, inodes: object) -> dict[str, object]:
    source = "chosen"
    return {
        "work": {
            "mebibytes": {"value": mebibytes, "source": source},
            "inodes": {"value": inodes, "source": source},
        }
    }


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"work": None},
        {"work": {}},
        policy("2048", 65_536),
        policy(True, 65_536),
        policy(2048.5, 65_536),
        policy(31, 65_536),
        policy(16_385, 65_536),
        policy(2048, 511),
        policy(2048, 1_048_577),
        {"work": {"mebibytes": {"value": 64}, "inodes": {"value": 1024, "source": "chosen"}}},
    ],
)
def test_a_size_without_source_or_out_of_bounds_is_no_size(document: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        parse_disk_size(document)


def test_the_policys_size_is_the_disks() -> None:
    size = parse_disk_size(policy(64, 1024))
    assert size == DiskSize(64, 1024)
    words = format_command("/x/work.img", size)
    assert words[-1] == "/x/work.img"
    assert words[words.index("-N") + 1] == "1024"
    assert "encrypt" in words[words.index("-O") + 1]


def test_where_nobody_can_mount_work_is_not_sealed() -> None:
    assert work_is_sealed(HOUSE.users)
    assert not work_is_sealed(SHARED.users)


def test_a_workspaces_key_has_a_name_of_its_own() -> None:
    assert key_purpose(WID) == f"work-{WID}"
    with pytest.raises(InvalidInputError):
        key_purpose("../data")


TABLE = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
41 27 7:0 /work /srv/hn/workspaces/a/work rw,nosuid,nodev,noexec - ext4 /dev/loop0 rw
42 41 7:1 / /srv/hn/workspaces/a/work/with\\040blank rw shared:1 - ext4 /dev/loop1 rw
43 27 7:2 / /srv/hn-other/x rw - ext4 /dev/loop2 rw
"""


def test_the_mount_table_is_read_as_the_kernel_writes_it() -> None:
    assert parse_mounts("") == ()
    assert parse_mounts(TABLE)[1:3] == (
        Mount("7:0", "/work", "/srv/hn/workspaces/a/work"),
        Mount("7:1", "/", "/srv/hn/workspaces/a/work/with blank"),
    )


def test_what_is_mounted_inside_a_home_is_taken_away_deepest_first() -> None:
    points = mount_points_below(Path("/srv/hn"), TABLE)
    assert points == ["/srv/hn/workspaces/a/work/with\\040blank", "/srv/hn/workspaces/a/work"]
    assert mount_points_below(Path("/srv/hn"), "") == []


def test_answers_are_json_lines() -> None:
    assert json.loads(write_answer(DiskState()))["open"] is False
