"""Drug volumes without persons, and lists of codes that somebody has.

1. How much of a drug was given says how few took it: where a table does not show persons, amounts of
   oral and topical drugs below one number, and of injections below another, are not shown.
2. A bare list of codes or names of drugs or diagnoses tells that somebody in the data has each of them,
   also the one that a single person has. With counts beside them, the counts decide.
3. A list of codes with their names may be a dictionary: people look.
"""

import re
from collections.abc import Iterator, Sequence

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.margins import is_total_label
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.structure import Entry
from output_review.disclosure.submissions import FileKind
from output_review.disclosure.table_sides import Side

DRUG_VOLUME = "SDC.drug_volume"
RARE_CODE = "SDC.rare_code"

_INJECTION = re.compile(
    r"注射|静注|点滴|筋注|皮下注|注(?:\d|用|液|シリンジ|キット|$)|管|アンプル|バイアル|瓶|筒|inject|ampoule|vial|syringe|infusion|(?<![a-z])i\.?v\.?(?![a-z])"
)
_DRUG = re.compile(
    r"薬|錠|カプセル|散|軟膏|貼付|処方|投与|注射|製剤|drug|medicine|medication|tablet|capsule|prescri|dispens|dose|inject|vial|ampoule|oral|topical|atc|mg"
)
_VOLUME = re.compile(r"数量|総量|使用量|処方量|錠数|本数|管数|volume|quantity|amount|units")
_CODE = re.compile(
    r"[A-Z]\d{2}(?:\.?\d{1,2}[A-Z]?)?|\d{9}|\d{7}[A-Z]\d{4}|[A-Z]\d{2}[A-Z]{1,2}(?:\d{2})?|\d{6}[0-9x]{8}|[A-Z]{2}\d{8,12}"
)
_RARE = re.compile(
    r"(?P<n>\d{1,2})\s*(?:人|名|例|症例)\s*(?:未満|以下|に満たない)|(?:fewer|less) than (?P<m>\d{1,2}) (?:patients|persons|people|cases|subjects)"
)
_HEADING = re.compile(
    r".*(?:コード|病名|診断|傷病|疾患|薬剤|医薬品|薬品|一般名|商品名|成分|手術名|術式|code|icd|atc|drug|diagnos[ie]s|disease|medication|procedure)s?(?:名|コード|一覧|[ _](?:name|code|list)s?)?.*"
)


def check_drug_volumes(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Amounts of drugs below the policy's numbers in tables without persons."""
    for side in examined.all_sides:
        columns = side.structured.columns
        words = fold(
            " ".join((*side.structured.notes, *(column.name for column in columns), *_labels(side)))
        ).text
        if not _DRUG.search(words) or side.structured.of(Quantity.PERSONS):
            continue
        for entry in side.structured.entries.values():
            if entry.number is None or not _is_volume(entry, words) or entry.number <= 0:
                continue
            row = side.structured.rows[entry.position[0]]
            own = fold(" ".join((*row.labels, *entry.key.columns, *_row_words(side, entry)))).text
            is_injection = bool(_INJECTION.search(own)) or (
                _is_all_injections(words) and not re.search(r"錠|内服|oral|tablet|外用", own)
            )
            least = policy.drug_injection if is_injection else policy.drug_oral
            if entry.number < least:
                yield _volume(side.place(entry.cell), least)


def _labels(side: Side) -> Iterator[str]:
    for row in side.structured.rows:
        yield from row.labels


def _row_words(side: Side, entry: Entry) -> Iterator[str]:
    for cell in side.table.rows[entry.position[0]]:
        if cell.value.kind is CellKind.TEXT:
            yield cell.text


def _is_volume(entry: Entry, words: str) -> bool:
    if entry.quantity is Quantity.AMOUNT:
        return True
    return (
        entry.quantity in (Quantity.COUNT, Quantity.SUM)
        and bool(_VOLUME.search(words))
        and not is_total_label(" ".join(entry.key.rows))
    )


def _is_all_injections(words: str) -> bool:
    return bool(_INJECTION.search(words)) and not re.search(r"錠|内服|経口|oral|tablet|外用", words)


def _volume(place: Place, least: int) -> Finding:
    return Finding(
        DRUG_VOLUME,
        Severity.FIX,
        place,
        say(
            "The amount of this drug is below {least} and the table does not say how many persons took it.",
            least=least,
        ),
        say("Merge it into a group of drugs, leave it out, or show the number of persons."),
    )


def check_code_lists(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Codes and names of drugs or diagnoses without any number beside them."""
    yield from _named_as_rare(examined, policy)
    for table in examined.tables:
        cells = [cell for row in table.rows for cell in row if cell.text.strip()]
        words = [
            cell for cell in cells if cell.value.kind is CellKind.TEXT or _CODE.fullmatch(cell.text.strip())
        ]
        if len(words) < 3 or len(words) < len(cells):
            continue
        heading = fold(" ".join(column.header for column in table.columns)).text
        codes = [cell for cell in words if _CODE.fullmatch(cell.text.strip())]
        if len(codes) * 2 > len(words) or (len(table.columns) == 1 and _HEADING.fullmatch(heading)):
            yield _codes(table.place(words[0]), Severity.FIX, policy)
        elif codes or _HEADING.fullmatch(heading):
            yield _codes(table.place(words[0]), Severity.REVIEW, policy)
    if examined.file.kind in (FileKind.TEXT, FileKind.JSON) and _is_code_list(examined.file.text.split("\n")):
        yield _codes(Place(), Severity.FIX, policy)


def _named_as_rare(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Sentences that name codes and say that fewer persons have them than may be shown."""
    for passage in examined.passages:
        for sentence in re.finditer(r"[^。\n]+", passage.text):
            rare = _RARE.search(fold(sentence.group()).text)
            code = re.search(rf"(?<![A-Za-z0-9])(?:{_CODE.pattern})(?![A-Za-z0-9])", sentence.group())
            is_legend = re.search(r"秘匿|マスク|非表示|mask|suppress|redact|\*", sentence.group())
            if code and rare and not is_legend and int(rare["n"] or rare["m"]) <= policy.min_persons:
                start = sentence.start() + code.start()
                yield _codes(passage.place(start, code.end() - code.start()), Severity.FIX, policy)


def _is_code_list(lines: Sequence[str]) -> bool:
    """Whether most filled lines hold nothing but codes."""
    filled = [fold(line).text.strip(' \t-*・[],"') for line in lines if line.strip(" \t[]{}")]
    bare = [
        line
        for line in filled
        if line and all(_CODE.fullmatch(word.upper()) for word in re.split(r"[\s,;\"'、]+", line) if word)
    ]
    return (
        len(bare) >= 2
        and len(bare) * 2 > len(filled)
        and sum(len(re.split(r"[\s,;]+", line)) for line in bare) >= 3
    )


def _codes(place: Place, severity: Severity, policy: DisclosurePolicy) -> Finding:
    return Finding(
        RARE_CODE,
        severity,
        place,
        say(
            "A list of codes or names without counts also tells of those that fewer than {least} persons have.",
            least=policy.rare_code_persons,
        ),
        say(
            "Leave out what fewer than {least} persons have, and show the number of persons beside each.",
            least=policy.rare_code_persons,
        ),
    )
