"""The matcher: who is answered, how much, from which set, and what is left of a question."""

import json
import os
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.adapters.own_source import OwnIdentifiers, kind_of_column
from catalog.hospital.scale import Scale
from catalog.hospital.tables import make_parts
from catalog.identifiers.own_forms import OwnKind, forms_of
from catalog.own_questions import (
    BYTES_MAX,
    FORMS_MAX,
    HEADER_MAX,
    parse_own_rules,
    read_forms,
    read_header,
    write_question,
)
from catalog.schema.canonical import CANONICAL
from catalog.sources import SourceFile
from enclave.adapters.policy_files import load_policies
from enclave.errors import (
    ConflictError,
    DeniedError,
    EnclaveError,
    InvalidInputError,
    TamperedError,
    UnavailableError,
)
from tests.support.catalog_house import CatalogHouse
from tests.support.own_matcher import AT, RULES, OwnPlace

NAME = "山田太郎"
OURS = {NAME: OwnKind.NAME}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> OwnPlace:
    made = OwnPlace(tmp_path)
    made.put(OURS)
    return made


def test_nobody_but_the_worker_is_answered(place: OwnPlace) -> None:
    # The door closes unread: a question that is still being written fails instead of being refused.
    with place.served(peer=os.geteuid() + 1) as client, pytest.raises((DeniedError, UnavailableError)):
        client.kinds_of("p-diabetes", [NAME])
    assert place.journal() == ""


def test_what_was_asked_is_counted_and_never_written(place: OwnPlace) -> None:
    with place.served() as client:
        client.kinds_of("p-diabetes", [NAME, "山田花子"])
    (line,) = place.journal().splitlines()
    entry = json.loads(line)
    assert {k: entry[k] for k in ("project", "forms", "hits")} == {
        "project": "p-diabetes",
        "forms": 2,
        "hits": 1,
    }
    assert "山田" not in line


def test_a_days_limit_holds_over_a_start_and_ends_with_the_day(place: OwnPlace) -> None:
    def ask(project: str, forms: int) -> None:
        asked = [f"f{n}" for n in range(forms)]
        question = read_header(write_question(project, asked).split(b"\n")[0] + b"\n")
        place.matcher.answer(question, asked)

    ask("p-diabetes", RULES.per_project_day)
    place.matcher = place.started()
    with pytest.raises(ConflictError) as spent:
        ask("p-diabetes", 1)
    assert spent.value.code == "own_spent"
    ask("p-stroke", RULES.per_day - RULES.per_project_day)
    with pytest.raises(ConflictError):
        ask("p-asthma", 1)
    place.clock.at += timedelta(days=1)
    ask("p-diabetes", 1)


def test_without_a_set_nothing_is_answered(tmp_path: Path) -> None:
    place = OwnPlace(tmp_path)
    with place.served() as client, pytest.raises(EnclaveError) as none:
        client.kinds_of("p-diabetes", [NAME])
    assert none.value.code == "own_no_set"


def test_a_new_set_is_used_at_once_and_a_broken_one_never(place: OwnPlace) -> None:
    with place.served() as client:
        first = client.kinds_of("p-diabetes", [NAME])
        place.put({"山田花子": OwnKind.NAME}, "s2")
        second = client.kinds_of("p-diabetes", [NAME, "山田花子"])
        assert (first.ours, second.ours) == (OURS, {"山田花子": OwnKind.NAME})
        assert first.set_id != second.set_id
        content = place.files.path.read_bytes()
        place.files.path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(EnclaveError) as broken:
            client.kinds_of("p-diabetes", [NAME])
    assert broken.value.code == "own_no_set"
    with pytest.raises(TamperedError):
        place.files.read()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[" * 400 + b"\n",
        b"x" * (HEADER_MAX + 1) + b"\n",
        b'{"project": "p-diabetes", "forms": 2, "bytes": 3}\nabc',
        b'{"project": "../x", "forms": 1, "bytes": 3}\nabc',
        b'{"project": "p-diabetes", "forms": true, "bytes": 3}\nabc',
        b'{"project": "p-diabetes", "forms": 1, "bytes": 3, "why": 1}\nabc',
        b'{"project": "p-diabetes", "forms": 1, "bytes": 2}\n\xff\xfe',
        b'{"project": "p-diabetes", "forms": 1, "bytes": %d}\nabc' % (BYTES_MAX + 1),
        b'{"project": "p-diabetes", "forms": %d, "bytes": 3}\nabc' % (FORMS_MAX + 1),
    ],
)
def test_what_is_no_question_is_refused_and_the_next_is_answered(place: OwnPlace, sent: bytes) -> None:
    with place.served() as client:
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(str(place.folder / "m.sock"))
            one.sendall(sent)
            one.shutdown(socket.SHUT_WR)
            assert json.loads(one.makefile("rb").readline()) == {"refused": "bad_question"}
        assert client.kinds_of("p-diabetes", [NAME]).ours == OURS


def test_answers_have_one_length_for_any_content(place: OwnPlace) -> None:
    def answered(forms: list[str]) -> int:
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(str(place.folder / "m.sock"))
            one.sendall(write_question("p-diabetes", forms))
            return len(one.makefile("rb").read())

    with place.served():
        assert answered([NAME, "山田花子"]) == answered(["山田花子", "山田次郎"])


@pytest.mark.parametrize("forms", [[], ["a\nb"], ["x"] * (FORMS_MAX + 1)])
def test_more_than_a_question_is_never_sent(forms: list[str]) -> None:
    with pytest.raises(ValueError, match="more than one question"):
        write_question("p-diabetes", forms)


def test_a_form_longer_than_any_is_refused() -> None:
    asked = write_question("p-diabetes", ["山" * 600])
    line, _, body = asked.partition(b"\n")
    with pytest.raises(InvalidInputError):
        read_forms(read_header(line + b"\n"), body)


def test_the_boards_numbers_may_be_lower_and_never_higher() -> None:
    document = load_policies(ROOT / "policies").document("own_identifiers")
    rules = parse_own_rules(document)
    assert rules.per_project_day <= 5_000_000
    milder = {
        **document,
        "questions": {**document["questions"], "per_day": {"value": 20_000_001, "source": "x"}},
    }
    unsourced = {
        **document,
        "questions": {**document["questions"], "per_day": {"value": 1, "source": " "}},
    }
    missing = {"questions": document["questions"]}
    unknown = {**document, "more": {"a": {"value": 1, "source": "x"}}}
    for other in (milder, unsourced, missing, unknown, {}):
        with pytest.raises(InvalidInputError):
            parse_own_rules(other)


def test_everybody_of_a_source_is_in_its_set_and_it_follows_the_source(tmp_path: Path) -> None:
    house = CatalogHouse(tmp_path)
    source, own = house.producer.source, house.producer.own
    for seed in (1, 2):
        file = SourceFile(f"d{seed}", "x", "generated", 0, 0, 0)
        source.take_tables(file, make_parts(Scale(150, seed)), AT)
        assert own.renew(CANONICAL, source.version(), AT)
        assert own.renew(CANONICAL, source.version(), AT) is None
    kept = house.producer.own._files.read()
    assert kept is not None
    with source.opened() as connection:
        rows = connection.execute(
            "SELECT name_kanji, name_kana, address, phone, email, chart_no, my_number,"
            " insured_symbol || insured_no FROM patient_identity"
        ).fetchall()
    kinds = [
        OwnKind.NAME, OwnKind.READING, OwnKind.ADDRESS, OwnKind.PHONE, OwnKind.EMAIL, OwnKind.CHART,
        OwnKind.MY_NUMBER, OwnKind.INSURED,
    ]  # fmt: skip
    forms = [f for row in rows for kind, value in zip(kinds, row, strict=True) for f in forms_of(kind, value)]
    assert len(rows) == 300
    assert 0 not in kept.own.kinds_of(forms)
    assert not any(kept.own.kinds_of([f"{form}x" for form in forms]))
    house.database.close()


def test_an_extract_is_cut_only_when_the_set_is_of_its_source(tmp_path: Path) -> None:
    house = CatalogHouse(tmp_path)
    assert house.producer.extracts._own is house.producer.own
    assert isinstance(house.producer.own, OwnIdentifiers)
    assert house.settings.own_set == house.producer.own._files.path.parent
    house.database.close()


def test_columns_of_other_sources_are_known_by_name() -> None:
    said = {
        ("shimei", "患者氏名"): OwnKind.NAME,
        ("kj", "フリガナ"): OwnKind.READING,
        ("tel1", ""): OwnKind.PHONE,
        ("home_address", ""): OwnKind.ADDRESS,
        ("karte_no", ""): OwnKind.CHART,
        ("x1", "備考"): None,
    }
    assert {key: kind_of_column(*key) for key in said} == said
