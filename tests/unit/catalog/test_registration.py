"""Classes files: what every column of a source that is not ours is, or what is wrong and where."""

import pytest

from catalog.registration import (
    FoundTable,
    Names,
    Problem,
    plain_type,
    read_classes,
    registration_digest,
    template,
)
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import Column, ColumnClass, Nature, Table, schema_of
from catalog.schema.standing import provenance
from enclave.adapters.lined_yaml import read_lined
from tests.support.classes_files import CLASSES, HOSPITALS, REGISTRY, line_with

NAMES = Names(CANONICAL, frozenset({"source_file"}))


def problems(
    text: str, found: tuple[FoundTable, ...] = (REGISTRY, HOSPITALS), names: Names = NAMES
) -> tuple[Problem, ...]:
    document, line_of = read_lined(text)
    registration, wrong = read_classes(document, line_of, found, names)
    assert (registration is None) == bool(wrong)
    return wrong


def changed(old: str, new: str) -> str:
    assert old in CLASSES
    return CLASSES.replace(old, new, 1)


@pytest.mark.parametrize("text", ["", "[]", "tables: 3", "name: registry"])
def test_an_empty_classes_file_registers_nothing(text: str) -> None:
    (problem,) = problems(text)
    assert "--template" in problem.sentence.en


def test_no_table_at_all_is_nothing_to_register() -> None:
    assert problems("name: x\nja: あ\nen: a\ntables: {}", found=())


def test_a_whole_classes_file_is_a_registration() -> None:
    document, line_of = read_lined(CLASSES)
    registration, wrong = read_classes(document, line_of, (REGISTRY, HOSPITALS), NAMES)
    assert wrong == ()
    assert registration is not None
    case, area = registration.tables
    assert (case.found, case.columns) == ("CancerCase", ("case_key", "patient", "診断日", "stage", "name"))
    assert case.table.names[:2] == ("case_key", "patient_key")
    assert case.table.columns[-len(provenance()) :] == provenance()
    diagnosed = case.table.column("diagnosed_on")
    assert diagnosed is not None
    assert (diagnosed.column_class, diagnosed.nature) == (ColumnClass.QUASI_IDENTIFIER, Nature.EVENT)
    assert area.table.column("beds") == Column(
        "beds", ColumnClass.ADMINISTRATIVE, "INTEGER", "病床数", "beds", "{beds}"
    )


@pytest.mark.parametrize(
    ("old", "new", "words", "told"),
    [
        ("stage: {class: CL, ", "stage: {", "stage: {", "no class"),
        ("class: CL", "class: XX", "class: XX", "DI, LK, ST"),
        ("nature: event", "nature: sometimes", "diagnosed_on", "nature"),
        ("stage: {class: CL, type: VARCHAR, nature: plain,", "stage: {class: CL, type: VARCHAR,", "stage", "nature"),
        ("stage: {class: CL, type: VARCHAR", "stage: {class: CL, type: DATE", "stage", "VARCHAR in the file"),
        ("      stage: {class: CL, type: VARCHAR, nature: plain, ja: 病期, en: stage, codes: UICC}\n", "", "columns:", "not classified"),
        ("      stage:", "      grade:", "grade", "no column 'grade'"),
        ("from: CancerCase", "from: Elsewhere", "cancer_case:", "no table"),
        ("ja: 病期, ", "", "stage", "no text for 'ja'"),
        ("  cancer_case:", "  patient:", "  patient:", "taken"),
        ("  cancer_case:", "  source_file:", "  source_file:", "taken"),
        ("  cancer_case:", "  Cancer Case:", "Cancer Case", "no plain name"),
        ("      stage:", "      source_ref:", "source_ref", "taken"),
        ("entity: cancer_case", "entity: encounter", "entity: encounter", "taken"),
        (", entity: cancer_case", "", "case_key", "entity"),
        ("class: CL, type: VARCHAR, nature: plain, ja: 病期", "class: CL, entity: x, type: VARCHAR, nature: plain, ja: 病期", "stage", "entity"),
        ("        entity: patient\n", "        entity: person\n", "entity: person", "patient_key"),
        ("      patient_key:\n", "      who_key:\n", "cancer_case", "'patient_key'"),
        ("class: QI, type: VARCHAR, nature: region", "class: SE, type: VARCHAR, nature: region", "      area:", "needs a key"),
        ("en: stage, codes", "en: stage, colour: red, codes", "stage", "'colour' is not known"),
        ("ja: がん登録", "owner: me\nja: がん登録", "owner", "'owner' is not known"),
        ("name: registry", "name: がん", "name: がん", "no plain name"),
        ("tables:", "leave_out: [CancerCase]\ntables:", "leave_out", "cannot be left out"),
        ("tables:", "leave_out: all\ntables:", "leave_out", "is a list"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, words: str, told: str) -> None:
    text = changed(old, new)
    wrong = problems(text)
    mine = [problem for problem in wrong if told in problem.sentence.text or told in problem.sentence.en]
    assert mine, [problem.sentence.en for problem in wrong]
    assert line_with(text, words) in {problem.line for problem in mine}


def test_every_problem_is_told_and_not_the_first_alone() -> None:
    text = (
        changed("class: CL", "class: XX")
        .replace("nature: event", "nature: never")
        .replace("    en: areas\n", "")
    )
    assert len(problems(text)) == 3


def test_a_table_that_is_not_classified_has_to_be_left_out_in_words() -> None:
    third = FoundTable("third", {"x": "INTEGER"})
    (problem,) = problems(CLASSES, found=(REGISTRY, HOSPITALS, third))
    assert "third" in problem.sentence.en
    document, line_of = read_lined("leave_out: [third]\n" + CLASSES)
    assert read_classes(document, line_of, (REGISTRY, HOSPITALS, third), NAMES)[1] == ()


def test_the_names_of_another_registered_source_are_taken() -> None:
    other = Table("cancer_case", "症例", "cases", (Column("k", ColumnClass.CLINICAL, "BIGINT", "鍵", "key"),))
    assert problems(CLASSES, names=Names(CANONICAL.joined_with([other])))


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        ("BIGINT", "BIGINT"), ("DECIMAL(10,2)", "DECIMAL(10,2)"), ("VARCHAR[]", "VARCHAR[]"),
        ("ENUM('a', 'b')", "VARCHAR"), ("TIMESTAMP_NS", "TIMESTAMP"), ("STRUCT(a INTEGER)", ""),
        ("MAP(VARCHAR, VARCHAR)", ""), ("BLOB", ""), ("TIMESTAMP WITH TIME ZONE", ""), ("VARCHAR; DROP", ""),
    ],
)  # fmt: skip
def test_types_that_can_be_registered(kind: str, plain: str) -> None:
    assert plain_type(kind) == plain


def test_a_nested_type_is_refused_by_name() -> None:
    odd = FoundTable("areas", {"area": "STRUCT(a INTEGER)", "beds": "INTEGER"})
    (problem,) = problems(CLASSES, found=(REGISTRY, odd))
    assert "cannot be registered" in problem.sentence.text


def test_a_key_is_a_whole_number() -> None:
    odd = FoundTable("CancerCase", {**REGISTRY.columns, "case_key": "VARCHAR"})
    text = changed("case_key: {class: LK, type: BIGINT", "case_key: {class: LK, type: VARCHAR")
    (problem,) = problems(text, found=(odd, HOSPITALS))
    assert "BIGINT" in problem.sentence.en


def test_a_template_says_what_the_file_says_and_asks_for_the_rest() -> None:
    hostile = FoundTable('t"\n: x', {"a": "INTEGER", "A b": "VARCHAR", "値": "DATE", "x: y": "BLOB"})
    text = template("registry", (REGISTRY, hostile))
    document, line_of = read_lined(text)
    _, wrong = read_classes(document, line_of, (REGISTRY, hostile), NAMES)
    told = {problem.sentence.text for problem in wrong}
    assert not any("no column" in one or "no table" in one or "not classified" in one for one in told)
    assert sum("has no class" in one for one in told) == 1
    assert (
        sum(problem.sentence.text.endswith("has no class.") for problem in wrong) == len(REGISTRY.columns) + 4
    )


def test_an_empty_file_has_a_template_without_tables() -> None:
    document, _ = read_lined(template("a name with spaces", ()))
    assert document["name"] is None
    assert document["tables"] is None


def test_the_digest_moves_with_the_file_and_with_every_class() -> None:
    def digest(content: str, text: str) -> str:
        document, line_of = read_lined(text)
        registration, _ = read_classes(document, line_of, (REGISTRY, HOSPITALS), NAMES)
        assert registration is not None
        return registration_digest(content, registration)

    assert digest("a", CLASSES) == digest("a", CLASSES)
    others = {digest("a", CLASSES), digest("b", CLASSES), digest("a", changed("class: CL", "class: SE"))}
    assert len(others | {digest("a", changed("ja: 病期", "ja: ステージ"))}) == 4


def test_schemas_are_joined_in_order() -> None:
    assert list(schema_of(()).joined_with(CANONICAL.tables.values()).tables) == list(CANONICAL.tables)
