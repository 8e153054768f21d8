"""Tables about variables: what looks like one row for each attribute of a person, and is a code book.

1. A list of variables with their types that holds no number tells nothing of anybody.
2. Where most lines say what a variable is (label, unit, definition) or how it was measured (missing values,
   importance, balance), the other way to read the table, a person in each line, is no sign of persons by itself.
"""

import re

from catalog.identifiers.written_forms import fold
from output_review.disclosure.cells import CellKind
from output_review.disclosure.table_sides import Side

_TYPE = re.compile(
    r"(?:big|small|tiny|unsigned )?int(?:eger)?(?:8|16|32|64)?|n?(?:var)?char(?:acter)?(?: ?\(\d+\))?|string|str|text|object|factor|category|categorical"
    r"|double|float(?:32|64)?|numeric|decimal(?: ?\(\d+(?:, ?\d+)?\))?|number|real|bool(?:ean)?|logical|date(?:time)?(?:64(?:\[ns\])?)?|timestamp|time"
    r"|整数|実数|数値型?|文字列?型?|日付型?|真偽値|論理型|カテゴリ(?:変数|型)?|連続(?:変数)?|2値|二値|順序"
)
_ABOUT_VARIABLES = re.compile(
    r"(?:変数)?(?:名|ラベル|型|定義|説明|単位|出典|備考|コード|符号|区分)(?:[・/、](?:定義|説明|ラベル|コード|型))?|(?:非|無)?欠測(?:数|割合|率)?.*"
    r"|(?:variable|data)?[ _]?(?:label|type|dtype|definition|description|unit|units|source|note|codes?)"
    r"|(?:n[ _])?(?:non[ -]?)?(?:missing|null)(?:[ _](?:rate|count|percent|pct|values?))?.*|n|psi|vif|smd|(?:.*[ _])?importance|重要度|(?:total[ _])?(?:gain|cover)|split|(?:mean[ _])?(?:abs[ _])?shap.*|permutation.*"
)
_NUMBERS = frozenset({CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED})


def lists_types(side: Side) -> bool:
    """Rule 1: a list of variables with their types, and no value of any of them."""
    words = [[cell for cell in row if cell.text.strip()] for row in side.table.rows]
    if any(cell.value.kind in _NUMBERS for row in words for cell in row):
        return False
    columns: dict[int, list[str]] = {}
    for row in words:
        for cell in row:
            columns.setdefault(cell.column, []).append(fold(cell.text).text.strip())
    rows = [[fold(cell.text).text.strip() for cell in row[1:]] for row in words]
    lines = [*columns.values(), *rows]
    return any(len(line) > 1 and all(_TYPE.fullmatch(word) for word in line) for line in lines)


def tells_about_variables(side: Side) -> bool:
    """Rule 2, for a table turned so that the variables are its columns."""
    names = [fold(row[0].text).text.strip() for row in side.table.rows if row]
    return sum(bool(_ABOUT_VARIABLES.fullmatch(name)) for name in names) * 2 > len(names)
