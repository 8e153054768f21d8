"""Every pseudonym of a set is found in every encoding, wherever it stands, and no stranger ever is."""

import base64
import hashlib
import uuid
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.identifiers.pseudonyms import PseudonymSet, find_in_each, find_written

Write = Callable[[uuid.UUID], str]
WRITTEN: dict[str, Write] = {
    "uuid": str,
    "bare": lambda u: u.hex,
    "upper": lambda u: str(u).upper(),
    "bare upper": lambda u: u.hex.upper(),
    "braces": lambda u: f"{{{u}}}",
    "urn": lambda u: u.urn,
    "full width": lambda u: str(u).translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}),
    "other hyphens": lambda u: str(u).replace("-", "‐"),
    "blanks": lambda u: " ".join(str(u).split("-")),
    "one a line": lambda u: "\n".join(u.hex),
}
ENCODED: dict[str, Write] = {
    "base64": lambda u: base64.b64encode(u.bytes).decode(),
    "base64 url": lambda u: base64.urlsafe_b64encode(u.bytes).decode(),
    "base64 without padding": lambda u: base64.urlsafe_b64encode(u.bytes).decode().rstrip("="),
    "base64 of the text": lambda u: base64.b64encode(str(u).encode()).decode(),
    "base64 of upper case": lambda u: base64.b64encode(str(u).upper().encode()).decode(),
    "base64 of the bare text": lambda u: base64.b64encode(u.hex.encode()).decode().rstrip("="),
    "base64 twice": lambda u: base64.b64encode(base64.b64encode(u.bytes)).decode(),
    "hex of the text": lambda u: str(u).encode().hex(),
    "hex of base64": lambda u: base64.b64encode(u.bytes).hex(),
    "among bytes": lambda u: base64.b64encode(b"\xff\x00" + u.bytes + b"\x01").decode(),
    "text among bytes": lambda u: base64.b64encode(b"\xff\xfe" + str(u).encode() + b"\xfd").decode(),
}
HASHED: dict[str, Write] = {
    f"{name} of {form}": lambda u, name=name, form=form: hashlib.new(name, FORMS[form](u)).hexdigest()  # type: ignore[misc]
    for name in ("md5", "sha1", "sha256", "sha512")
    for form in ("text", "upper", "bare", "bytes", "line", "braces")
}
FORMS: dict[str, Callable[[uuid.UUID], bytes]] = {
    "text": lambda u: str(u).encode(),
    "upper": lambda u: str(u).upper().encode(),
    "bare": lambda u: u.hex.encode(),
    "bytes": lambda u: u.bytes,
    "line": lambda u: f"{u}\n".encode(),
    "braces": lambda u: f"{{{u}}}".encode(),
}
WAYS = WRITTEN | ENCODED | HASHED
AROUND = ("{}", "患者{}は", '{{"id": "{}"}}', "pt_{}.csv", "x,{},3", "https://a.example/?id={}&v=1", "「{}」")
uuids = st.uuids()


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=15, deadline=None)
@given(ours=st.sets(uuids, min_size=1, max_size=8), others=st.sets(uuids, min_size=1, max_size=8))
def test_members_are_found_in_every_way_and_strangers_in_none(
    way: str, ours: set[uuid.UUID], others: set[uuid.UUID]
) -> None:
    ids = PseudonymSet.of(str(one) for one in ours)
    write = WAYS[way]
    for around in AROUND:
        texts = [around.format(write(one)) for one in ours]
        found = find_in_each(texts, ids)
        assert all(found), (way, around)
        for text, hits in zip(texts, found, strict=True):
            assert all(0 <= hit.offset < hit.offset + hit.length <= len(text) for hit in hits)
        strangers = [around.format(write(one)) for one in sorted(others - ours)]
        assert not any(find_in_each(strangers, ids)), (way, around)


@given(ours=st.sets(uuids, max_size=6), texts=st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_read_and_many_are_read_as_each_alone(ours: set[uuid.UUID], texts: list[str]) -> None:
    ids = PseudonymSet.of(str(one) for one in ours)
    mixed = [*texts, *map(str, sorted(ours))]
    assert find_in_each(mixed, ids) == [find_in_each([text], ids)[0] for text in mixed]
    assert [bool(hits) for hits in find_in_each(texts, ids)] == [False] * len(texts)


@given(ours=st.sets(uuids, min_size=2, max_size=6))
def test_an_identifier_that_begins_like_another_is_told_apart(ours: set[uuid.UUID]) -> None:
    pairs = {uuid.UUID(int=(one.int >> 64 << 64) | n) for one in ours for n in range(3)}
    ids = PseudonymSet.of(str(one) for one in pairs)
    assert len(ids) == len(pairs)
    assert all(find_in_each([str(one) for one in pairs], ids))
    near = [str(uuid.UUID(int=(one.int >> 64 << 64) | 7)) for one in ours]
    assert not any(find_in_each(near, ids))


def test_an_identifier_cut_over_cells_is_found_when_they_are_joined() -> None:
    one = uuid.UUID("3f0c9f4e-7a51-8c0e-9d3a-0b6d5c1e2f47")
    ids = PseudonymSet.of([str(one)])
    assert find_written("".join([str(one)[:9], str(one)[9:20], str(one)[20:]]), ids)


def test_joined_sets_hold_what_each_holds() -> None:
    one, other = uuid.UUID(int=5), uuid.UUID(int=2**127 + 9)
    joined = PseudonymSet.joined([PseudonymSet.of([str(one), "P-00123"]), PseudonymSet.of([str(other)])])
    assert len(joined) == 3
    assert all(find_in_each([str(one), str(other), "pt P-00123"], joined))
    assert "P-00123" not in repr(joined)
