"""Formats that are text: tables, prose, scripts, notebooks. They have no magic; their structure is checked."""

from typing import Final

from .formats import Format

TABLE: Final = "utf-8, LF, commas; numbers in one way of writing; nothing unseen"
LINES: Final = "utf-8, LF; no space at line ends; nothing unseen"

FORMATS: Final = (
    Format("csv", (".csv",), None, "tables:read_csv", TABLE, limits="5,000 rows, 500 columns"),
    Format("tsv", (".tsv", ".tab"), None, "tables:read_tsv", TABLE, limits="5,000 rows, 500 columns"),
    Format(
        "text", (".txt", ".md", ".log", ".lst", ".tex"), None, "lines:read_text", LINES, limits="5,000 lines"
    ),
    Format(
        "script", (".py", ".r", ".sql", ".do", ".sas"), None, "lines:read_script", LINES, limits="5,000 lines"
    ),
    Format(
        "json",
        (".json",),
        None,
        "objects:read_json",
        "utf-8, keys in order, two spaces; a list of flat records is read as a table as well",
        limits="5,000 lines, 20 levels",
    ),
    Format(
        "ipynb",
        (".ipynb",),
        None,
        "notebooks:read_notebook",
        "the code and prose as one script; each text output as a file of its own; each picture or drawing as png",
        limits="500 cells, 18 outputs",
    ),
)
