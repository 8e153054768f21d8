"""The notes of the invented hospital, and the list of what was planted in them."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from catalog.adapters.planted_lines import planted_lines
from catalog.hospital.course import make_course
from catalog.hospital.dice import Dice
from catalog.hospital.identifier_values import KINDS, NEAR_MISSES, Kind
from catalog.hospital.note_words import MISSING, NAMING, NOTES, OPENINGS
from catalog.hospital.notes import LONGEST, documents
from catalog.hospital.planting import Planted
from catalog.hospital.scale import Part, Scale
from catalog.hospital.tables import make_parts
from catalog.hospital.written_variants import DATES, SHAPES, vary
from enclave.errors import InvalidInputError

COURSE = make_course(Part(Scale(8000, 5)))
TABLE, PLANTED = documents(COURSE)
TEXTS = dict(zip(np.asarray(TABLE["document_key"]).tolist(), np.asarray(TABLE["text"]).tolist(), strict=True))
MATCHES = [one for one in PLANTED if one.match]


def test_every_value_stands_exactly_where_the_list_says() -> None:
    for one in PLANTED:
        assert (one.table, one.key_column, one.column) == ("document", "document_key", "text")
        assert TEXTS[one.key][one.start : one.end] == one.value != ""


def test_planted_values_do_not_overlap() -> None:
    ends: dict[int, int] = {}
    for one in PLANTED:
        assert one.start >= ends.get(one.key, 0)
        ends[one.key] = one.end


def test_the_list_is_whole_for_people_and_their_numbers() -> None:
    """Whatever of a person's identity stands in their own note is in the list, however it got there."""
    people = COURSE.people
    rows = {key: row for row, key in enumerate(people.keys.tolist())}
    listed_at: dict[int, set[int]] = {}
    for one in MATCHES:
        listed_at.setdefault(one.key, set()).update(range(one.start, one.end))
    for key, patient in zip(TEXTS, np.asarray(TABLE["patient_key"]).tolist(), strict=True):
        row = rows[patient]
        values = [
            people.name(row),
            people.address[row],
            people.phone[row],
            people.my_number[row],
            people.chart[row],
        ]
        for value in values:
            for found in re.finditer(re.escape(value), TEXTS[key]):
                assert set(range(*found.span())) <= listed_at[key]


def test_densities_are_as_designed() -> None:
    assert abs(len({one.key for one in MATCHES}) / len(TEXTS) - 0.30) < 0.02
    misses = len(PLANTED) - len(MATCHES)
    assert 1.95 < misses / len(MATCHES) < 2.05
    hard = [one for one in MATCHES if KINDS[one.kind].shape != "date"]
    assert 0.03 < sum(one.variant != "plain" for one in hard) / len(hard) < 0.06
    lengths = np.array([len(text) for text in TEXTS.values()])
    assert 390 < lengths.mean() < 450
    assert lengths.max() <= LONGEST
    assert abs(len(TEXTS) * 10 - len(COURSE.encounters.keys)) <= 10


def test_all_forty_kinds_six_notes_and_eight_near_misses_are_there() -> None:
    assert len(KINDS) == 40
    assert {one.kind for one in MATCHES} == set(KINDS)
    assert {one.kind for one in PLANTED if not one.match} == set(NEAR_MISSES) == set(MISSING)
    assert len(NOTES) == len(OPENINGS) == 6
    assert len(set(np.asarray(TABLE["kind"].codes).tolist())) == 6  # type: ignore[union-attr]
    assert {kind for sentence in (*OPENINGS, *NAMING) for kind in re.findall(r"\{(\w+)\}", sentence)} == set(
        KINDS
    )


def test_a_near_miss_is_never_a_value_of_an_identifier() -> None:
    held = {one.value for one in MATCHES}
    assert not held & {one.value for one in PLANTED if not one.match}


def test_check_digits_are_right_nine_times_in_ten_and_the_list_knows() -> None:
    checks = Counter(one.check for one in MATCHES if one.kind == "my_number")
    assert set(checks) == {"valid", "invalid"}
    checks = Counter(one.check for one in MATCHES if one.check != "none")
    assert 0.05 < checks["invalid"] / checks.total() < 0.15
    people = set(COURSE.people.my_number)
    for one in MATCHES:
        if one.kind == "my_number" and one.variant == "plain":
            assert (one.value in people) == (one.check == "valid")


def test_every_way_of_writing_is_met_and_reads_back() -> None:
    seen = {one.variant for one in MATCHES}
    assert seen >= {"plain", *DATES, *(name for shape in SHAPES.values() for name in shape)}
    for one in MATCHES:
        if one.variant == "full_width":
            assert one.value != (plain := unicodedata.normalize("NFKC", one.value))
            assert plain.isprintable()


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (
            "2019-04-30",
            {"平成31年4月30日", "H31.4.30", "2019年4月30日", "2019/4/30", "20190430", "2019-04-30"},
        ),
        ("2019-05-01", {"令和元年5月1日", "R1.5.1", "2019年5月1日", "2019/5/1", "20190501", "2019-05-01"}),
        ("1926-12-24", {"大正15年12月24日", "1926年12月24日", "1926/12/24", "19261224", "1926-12-24"}),
    ],
)
def test_a_day_is_written_in_six_ways(day: str, written: set[str]) -> None:
    dice = Dice(np.random.default_rng(1))
    assert {vary("date", day, dice)[0] for _ in range(200)} == written


def test_every_shape_of_a_kind_has_its_variants() -> None:
    assert all(
        isinstance(kind, Kind) and (kind.shape in SHAPES or kind.shape == "date") for kind in KINDS.values()
    )


def test_the_lists_file_is_for_its_owner_alone_and_whole_or_absent(tmp_path: Path) -> None:
    path = tmp_path / "planted.jsonl"
    with planted_lines(path, "d" * 64) as write:
        list(make_parts(Scale(120, 2), write))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert path.stat().st_mode & 0o777 == 0o600
    assert lines
    assert set(lines[0]) == {"dataset", *Planted.__dataclass_fields__}
    with pytest.raises(RuntimeError), planted_lines(tmp_path / "other", "d") as write:
        write(MATCHES[:3])
        raise RuntimeError
    assert [entry.name for entry in tmp_path.iterdir()] == ["planted.jsonl"]
    with pytest.raises(InvalidInputError), planted_lines(tmp_path / "no" / "x", "d"):
        pass
