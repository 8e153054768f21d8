"""No line of a claims file is ever lost: read + quarantined = lines, for any bytes whatever."""

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.claims import rows_of
from catalog.hospital.people import Scale
from catalog.hospital.uke_writer import write_uke
from catalog.uke import counts_agree, parse_uke


@cache
def whole() -> bytes:
    return write_uke(Scale(200, 5), date(2024, 11, 1), 12)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    assert counts_agree(parse_uke("x", content))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 40), st.binary(max_size=30)), min_size=1, max_size=8
    )
)
def test_any_mutilation_of_a_real_shape(edits: list[tuple[int, int, bytes]]) -> None:
    content = bytearray(whole())
    for place, length, new in edits:
        at = place % (len(content) + 1)
        content[at : at + length] = new
    uke = parse_uke("x", bytes(content))
    assert counts_agree(uke)
    assert uke.lines == bytes(content).count(b"\n") + (not content.endswith(b"\n") and bool(content))
    rows = rows_of(uke, "0" * 64)  # what was read can always be mapped
    assert rows.count("claim") <= sum(record.kind == "RE" for record in uke.records)
    assert rows.count("claim_line") <= len(uke.records)
