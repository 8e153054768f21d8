"""``enclave project apply``: a permit that names data which does not exist is refused with its line."""

import argparse
import io
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.adapters.checkpoint_files import CheckpointFiles
from enclave.adapters.foundation import Foundation
from enclave.adapters.system import SystemRandomness
from enclave.errors import InvalidInputError
from enclave.people import Credential
from enclave.sentences import Sentence
from hub.cli import parser
from tests.support.catalog_house import CatalogHouse
from tests.support.fakes import FakePasswords

PERMIT = """project: p-new
title: 新しい研究
organisation: daigaku
people: [mei]
purpose: 治療実態の記述
datasets:
  patient: [sex]
  diagnosis:
    - icd10
    - {column}
  {table}: [birth_date]
cohort:
  everyone: true
ends_on: 2027-03-31
output_kinds: [table]
"""


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path)
    with house.begin() as work:
        sealed = work.register.seal_totp("ota", "ota")
        work.register.put_credential("ota", Credential(FakePasswords().hash("pw"), sealed))
    return house


def apply(house: CatalogHouse, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    file = folder / "permit.yaml"
    file.write_text(text, encoding="utf-8")
    house.clock.forward(timedelta(seconds=60))
    code = FakePasswords.code("ota", int(house.clock.at.timestamp()) // 30)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"pw\n{code}\n"))
    foundation = Foundation(
        settings=house.settings,
        database=house.database,
        keyring=house.keyring,
        notes=CheckpointFiles(folder / "checkpoints"),
        passwords=FakePasswords(),  # type: ignore[arg-type]
        clock=house.clock,  # type: ignore[arg-type]
        fresh=SystemRandomness(),
    )
    arguments: argparse.Namespace = parser().parse_args(["project", "apply", str(file), "--as", "ota"])
    done: int = arguments.run(arguments, lambda: foundation)
    return done


def proposals(house: CatalogHouse) -> int:
    return house.kinds().count("proposal.made")


def test_a_permit_for_what_exists_is_proposed(
    house: CatalogHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = proposals(house)
    assert apply(house, tmp_path, monkeypatch, PERMIT.format(column="start_date", table="birth")) == 0
    assert proposals(house) == before + 1


@pytest.mark.parametrize(
    ("column", "table", "line", "named"),
    [
        ("icd_10", "birth", 10, "icd_10"),
        ("start_date", "genome", 11, "genome"),
        ("Start_Date", "birth", 10, "Start_Date"),
    ],
)
def test_what_does_not_exist_is_refused_with_its_line_and_nothing_is_proposed(
    house: CatalogHouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    column: str,
    table: str,
    line: int,
    named: str,
) -> None:
    before = proposals(house)
    with pytest.raises(InvalidInputError) as refused:
        apply(house, tmp_path, monkeypatch, PERMIT.format(column=column, table=table))
    assert refused.value.code == "unknown_dataset"
    sentence: Sentence = refused.value.sentence
    assert sentence.values["line"] == line
    assert named in str(sentence)
    assert proposals(house) == before
