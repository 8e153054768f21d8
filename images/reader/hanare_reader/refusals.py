"""Why a file cannot be read: a stable code and the sentence in both languages.

Sentences may name a row, a column or a limit by number. They never carry a value, a header
or a file name, because an answer is shown to people who have not been allowed to see the
file yet.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 32_767
"""Characters in one cell; what common spreadsheets can hold."""
MAX_SECONDS: Final = 30.0

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "format_refused": (
            "この形式のファイルは受け付けていません。csv、txt、md のいずれかにしてください。",
            "This kind of file is not accepted. Use csv, txt or md.",
        ),
        "job_unreadable": (
            "ファイルの説明が読めません。もう一度提出してください。",
            "The description of the file cannot be read. Submit it again.",
        ),
        "not_a_file": (
            "通常のファイルではありません。",
            "This is not a regular file.",
        ),
        "too_large": (
            "ファイルが大きすぎます({limit} バイトまで)。集計してください。",
            "The file is too large (at most {limit} bytes). Aggregate it.",
        ),
        "too_many_rows": (
            "行が多すぎます({limit} 行まで)。集計してください。",
            "There are too many rows (at most {limit}). Aggregate them.",
        ),
        "too_many_columns": (
            "列が多すぎます({limit} 列まで)。",
            "There are too many columns (at most {limit}).",
        ),
        "cell_too_long": (
            "{row} 行目に長すぎるセルがあります({limit} 文字まで)。",
            "Row {row} has a cell that is too long (at most {limit} characters).",
        ),
        "too_slow": (
            "読み取りに時間がかかりすぎます。小さく、単純にしてください。",
            "Reading takes too long. Make the file smaller and simpler.",
        ),
        "empty": (
            "ファイルが空です。",
            "The file is empty.",
        ),
        "encoding": (
            "文字コードが UTF-8 でも CP932(Shift_JIS)でもありません。",
            "The text is neither UTF-8 nor CP932 (Shift_JIS).",
        ),
        "control_character": (
            "{row} 行目に制御文字があります(U+{point})。取り除いてください。",
            "Row {row} holds a control character (U+{point}). Remove it.",
        ),
        "quoting": (
            "{row} 行目付近で引用符が正しく閉じられていません。",
            "Near row {row} the quotation marks are not closed correctly.",
        ),
        "line_break_in_cell": (
            "{row} 行目のセルの中に改行があります。1 行に 1 レコードとしてください。",
            "Row {row} has a line break inside a cell. Write one record per line.",
        ),
        "ragged_row": (
            "{row} 行目の列数が {found} です。見出しは {expected} 列です。",
            "Row {row} has {found} columns; the header has {expected}.",
        ),
        "blank_header": (
            "{column} 列目の見出しが空です。",
            "Column {column} has no name in the header.",
        ),
        "duplicate_header": (
            "{column} 列目の見出しが、前の列と重複しています。",
            "Column {column} has the same name as an earlier column.",
        ),
        "separator": (
            "区切り文字がコンマではないようです。コンマ区切りにしてください。",
            "The cells do not seem to be separated by commas. Use commas.",
        ),
        "reader_failed": (
            "ファイルを読み取れませんでした。",
            "The file could not be read.",
        ),
    },
)

CODES: Final = frozenset(_SENTENCES)


class RefusedError(Exception):
    """The file is refused; ``answer`` is all that may be said about it."""

    def __init__(self, code: str, **numbers: int | str) -> None:
        ja, en = _SENTENCES[code]
        self.code = code
        self.ja = ja.format(**numbers)
        self.en = en.format(**numbers)
        super().__init__(code)

    def answer(self) -> dict[str, object]:
        return {"ok": False, "code": self.code, "ja": self.ja, "en": self.en}
