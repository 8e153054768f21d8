"""Tables in which a row is a person.

Results describe groups; a table of persons never leaves, however it is disguised. The signs:

1. A column of identifiers that are all different, in a table of several columns that counts
   persons nowhere.
2. A column that counts persons (or rows) and says one in every row: a group for each person.
3. Columns of personal attributes (age and sex, or a birth date) whose combinations repeat. A table
   of groups has each combination once.
4. Personal attributes without any count, each combination once: people look.
5. What the shape alone says, from either side of the table (``row_shapes``).
6. The print of a data frame's structure, which shows the first values of every variable.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.written_forms import fold
from enclave.sentences import Sentence, say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.headers import Topic
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.row_shapes import all_signs
from output_review.disclosure.submissions import FileKind
from output_review.disclosure.tables import Column, Table

ROW_LEVEL = "SDC.row_level"

_IDENTIFIER = re.compile(
    r"(?:.*[ _.-])?(?:id|uuid|guid|key|pid|ptid|pseud|pseudonym|hash|mrn|karte)(?:[ _.-]?(?:no|number))?"
    r"|.*(?:患者|症例|個人|被験者|対象者|カルテ|仮名|識別|匿名)(?:の)?(?:id|番号|コード|キー|符号|子)|id|連番|個体番号"
)
_STRUCTURE = re.compile(
    r"(?:^[ >#]*(?:\.\.)?\s*\$ ?[\w.]+ *(?::|<\w+>) *(?:(?:num|int|chr|logi|Factor|Date|POSIXct|dbl|fct|\"|\[)[^\n]*?)?[\w\".,<>-]*[ ,]+[\w\".,-]+.*\n?){3,}",
    re.MULTILINE,
)
_PERSONAL = re.compile(
    r"年齢|性別|性|生年月日|生年|誕生日|死亡日|入院日|退院日|手術日|診断日|郵便番号|住所"
    r"|age|sex|gender|birth.*|dob|yob|(?:admission|discharge|death|surgery|diagnosis)[ _]?date|zip|postcode|address"
)


def check_row_level(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """At most one finding for each table: the surest sign."""
    yield from _in_print(examined)
    for table, sides in zip(examined.tables, examined.sides, strict=True):
        signs = [_named_sign(table, policy)]
        for side, (severity, column, message) in all_signs(sides, policy):
            signs.append(Finding(ROW_LEVEL, severity, side.header_place(column), message, _REMEDY))
        found = [sign for sign in signs if sign is not None]
        if found:
            yield max(found, key=lambda finding: list(Severity).index(finding.severity))


def _named_sign(table: Table, policy: DisclosurePolicy) -> Finding | None:
    """What the names of the columns say."""
    if len(table.rows) < 2:
        return None
    return _identifier_sign(table, policy) or _ones_sign(table) or _attributes_sign(table, policy)


def _in_print(examined: ExaminedFile) -> Iterator[Finding]:
    """Rule 6: the first values of every variable, as ``str`` and ``glimpse`` of R print a data frame."""
    if examined.file.kind is not FileKind.TEXT:
        return
    for match in _STRUCTURE.finditer(examined.file.text):
        place = Place(
            row=examined.file.text.count("\n", 0, match.start()) + 1, offset=match.start(), length=10
        )
        yield Finding(
            ROW_LEVEL,
            Severity.REJECT,
            place,
            say("Every row is a point of its own; the table looks like one row per person."),
            _REMEDY,
        )
        return


_REMEDY = say("Send counts and statistics of groups; rows of persons cannot leave.")


def _identifier_sign(table: Table, policy: DisclosurePolicy) -> Finding | None:
    if len(table.columns) < policy.row_level_columns or _counts_persons(table):
        return None
    for column in table.columns:
        values = _values(table, column)
        if _names(_IDENTIFIER, column) and "" not in values and len(set(values)) == len(values):
            return _finding(
                Severity.REJECT,
                table,
                column,
                say("This column identifies every row; the table looks like one row per person."),
            )
    return None


def _ones_sign(table: Table) -> Finding | None:
    for column in table.columns:
        if column.topic not in (Topic.PERSONS, Topic.ROWS):
            continue
        cells = [cell.value for row in table.rows for cell in row if cell.column == column.index]
        counts = [value.value for value in cells if value.kind is CellKind.COUNT]
        if len(counts) == len(table.rows) and set(counts) == {1}:
            return _finding(
                Severity.REJECT, table, column, say("Every row counts one; the table is one row per person.")
            )
    return None


def _attributes_sign(table: Table, policy: DisclosurePolicy) -> Finding | None:
    personal = [column for column in table.columns if _names(_PERSONAL, column)]
    if len(personal) < 2 or len(table.columns) < policy.row_level_columns or _counts_persons(table):
        return None
    combinations = list(zip(*(_values(table, column) for column in personal), strict=True))
    if len(set(combinations)) < len(combinations):
        return _finding(
            Severity.REJECT,
            table,
            personal[0],
            say(
                "The same personal attributes appear in several rows; the table looks like one row per person."
            ),
        )
    return _finding(
        Severity.REVIEW,
        table,
        personal[0],
        say("The table lists personal attributes without saying how many persons each row stands for."),
    )


def _counts_persons(table: Table) -> bool:
    """Whether a header of the table says that a column counts persons or rows."""
    return any(
        column.topic in (Topic.PERSONS, Topic.ROWS) and any(cell.isdigit() for cell in _values(table, column))
        for column in table.columns
    )


def _names(pattern: re.Pattern[str], column: Column) -> bool:
    return bool(pattern.fullmatch(fold(column.header).text.strip()))


def _values(table: Table, column: Column) -> list[str]:
    """The column's cells in folded form, one for each row."""
    return [
        next((fold(cell.text).text.strip() for cell in row if cell.column == column.index), "")
        for row in table.rows
    ]


def _finding(severity: Severity, table: Table, column: Column, message: Sentence) -> Finding:
    header = next((cell for cell in table.header if cell.column == column.index), None)
    place = table.place(header) if header is not None else Place(column=table.name(column.index))
    return Finding(
        ROW_LEVEL,
        severity,
        place,
        message,
        _REMEDY,
    )
