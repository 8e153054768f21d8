"""Why a file cannot be read: a stable code, and the numbers that a sentence may name.

Sentences are written where they are shown, from the code alone. Numbers say a row, a column or a
limit. They never carry a value, a header or a file name, because an answer is shown to people who
have not been allowed to see the file yet.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 32_767
"""Characters in one cell; what common spreadsheets can hold."""
MAX_FILES: Final = 20
"""Canonical files of one upload."""
MAX_FOUND: Final = 2_000_000
"""Characters of words for the recognisers, of all places together."""
MAX_SECONDS: Final = 30.0

NUMBERS_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "format_refused": (),
        "job_unreadable": (),
        "not_a_file": (),
        "too_large": ("limit",),
        "too_many_rows": ("limit",),
        "too_many_columns": ("limit",),
        "too_many_tables": ("limit",),
        "cell_too_long": ("row", "limit"),
        "too_slow": (),
        "too_much_memory": (),
        "too_much_hidden": (),
        "empty": (),
        "encoding": (),
        "control_character": ("row", "point"),
        "quoting": ("row",),
        "line_break_in_cell": ("row",),
        "ragged_row": ("row", "found", "expected"),
        "blank_header": ("column",),
        "duplicate_header": ("column",),
        "separator": (),
        "reader_failed": (),
        # files whose bytes are not what they claim
        "disagrees": (),
        "encrypted": (),
        "active_content": (),
        "truncated": (),
        "bytes_outside": (),
        "names_twice": (),
        "unlisted_part": (),
        "unpacks_too_large": (),
        "embedded_file": (),
        "rows_in_cache": (),
        "linked_file": (),
        "structure": (),
        "duplicate_key": (),
        "too_deep": ("limit",),
        # pictures, figures and pages
        "picture_too_large": ("limit",),
        "several_pictures": (),
        "picture_format_refused": (),
        "too_many_pages": ("limit",),
        "drawing_refused": (),
        "drawing_too_large": ("limit",),
        "layers": (),
        "revisions": (),
        # files of columns, and models
        "nested_columns": (),
        # formats that are never read
        "html_refused": (),
        "figure_data_refused": (),
        "archive_refused": (),
        "old_office_refused": (),
        "macro_refused": (),
        "model_refused": (),
        "statistics_file_refused": (),
        "database_refused": (),
        "recording_refused": (),
        "program_refused": (),
    }
)
"""Every code, with the names of its numbers."""


class RefusedError(Exception):
    """The file is refused; ``answer`` is all that may be said about it."""

    def __init__(self, code: str, **numbers: int) -> None:
        if set(numbers) != set(NUMBERS_OF[code]):
            raise ValueError("a refusal has exactly the numbers of its code")
        self.code = code
        self.numbers = numbers
        super().__init__(code)

    def answer(self) -> dict[str, object]:
        return {"ok": False, "code": self.code, "numbers": dict(self.numbers)}
