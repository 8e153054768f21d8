"""Identifiers that hide: letters of two scripts in one word, keys that join rows, one person's genome.

1. Latin letters beside Cyrillic ones in one word, or a kanji that looks like a kana inside a word of
   katakana (夕 for タ), are written to be read by people and not by programs: people look.
2. A column of keys (UUIDs, digests) links rows whatever it is called, so a table with one cannot leave.
3. Variants with genotypes, row by row, and files with a sample's column are one person's genome.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.tables import Table

MIXED_SCRIPT = "ID.mixed_script"
LINKABLE_KEY = "ID.linkable_key"
GENOME = "ID.genome"

_MIXED = re.compile(
    r"[A-Za-z][\u0400-\u052f]|[\u0400-\u052f][A-Za-z]|[\u0400-\u052f](?=[ァ-ヶ一-鿿])|(?<=[ァ-ヶ])[夕口力工二八卜](?=[ァ-ヶー])|夕(?:郎|口ウ|ロウ)|[Ͱ-Ͽ](?=[A-Za-z]{3})(?<=[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ])"
)
_KEY = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}"
)
_FEWEST_KEYS = 2
_VARIANT = re.compile(r"rs[0-9]{3,}|(?:chr)?(?:[0-9]{1,2}|[xy])[:_-][0-9]{4,}.*")
_GENOTYPE = re.compile(r"[acgt-][/|]?[acgt-]|[01.][/|][01.](?::.*)?")
_VCF = re.compile(r"^##fileformat=VCF|^#CHROM\tPOS\tID", re.MULTILINE | re.IGNORECASE)
_FEWEST_VARIANTS = 2


def check_disguises(examined: ExaminedFile) -> Iterator[Finding]:
    """Findings of the three kinds above."""
    text = examined.file.text
    for match in _MIXED.finditer(text):
        row = text.count("\n", 0, match.start()) + 1
        yield Finding(
            MIXED_SCRIPT,
            Severity.REVIEW,
            Place(row=row, offset=match.start(), length=len(match.group())),
            say("A word is written with letters of two scripts that look alike."),
            say("Write the word in one script."),
        )
    for table in examined.tables:
        yield from _keys(table)
        if _is_genome(table):
            yield _genome(Place(row=table.rows[0][0].row))
    if _VCF.search(text):
        yield _genome(Place())


def _keys(table: Table) -> Iterator[Finding]:
    """Columns in which most cells are keys."""
    for column in table.columns:
        cells = [
            fold(cell.text).text.strip() for row in table.rows for cell in row if cell.column == column.index
        ]
        keys = [cell for cell in cells if _KEY.fullmatch(cell) and not cell.isdigit()]
        if len(keys) >= _FEWEST_KEYS and len(keys) * 2 > len([cell for cell in cells if cell]):
            yield Finding(
                LINKABLE_KEY,
                Severity.REJECT,
                Place(column=table.name(column.index)),
                say("This column holds keys that link rows to persons."),
                say("Send results of groups; keys of rows cannot leave."),
            )


def _is_genome(table: Table) -> bool:
    """Whether rows give a variant and one person's genotype at it."""
    rows = 0
    for row in table.rows:
        cells = [fold(cell.text).text.strip() for cell in row]
        rows += any(_VARIANT.fullmatch(cell) for cell in cells) and any(
            _GENOTYPE.fullmatch(cell) for cell in cells
        )
    return rows >= _FEWEST_VARIANTS


def _genome(place: Place) -> Finding:
    return Finding(
        GENOME,
        Severity.REJECT,
        place,
        say("These are the genotypes of one person."),
        say("Send frequencies in groups; a person's genome cannot leave."),
    )
