"""Formats that have no canonical writer: told apart only to say what to send instead. Never opened."""

from typing import Final

from .formats import Format, begins
from .pickled_text import is_pickle


def _html(content: bytes) -> bool:
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _pickle(content: bytes) -> bool:
    """A pickle of protocol 2 or later begins so; older ones are text."""
    return (len(content) > 2 and content[0] == 0x80 and 2 <= content[1] <= 5) or is_pickle(content)


FORMATS: Final = (
    Format("html", (".html", ".htm", ".xhtml", ".mht"), _html, refusal="html_refused"),
    Format(
        "archive",
        (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz"),
        begins(b"7z\xbc\xaf'\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
        refusal="archive_refused",
    ),
    Format(
        "old office file",
        (".xls", ".doc", ".ppt", ".pptx", ".rtf", ".odt", ".ods", ".xlsb"),
        begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"),
        refusal="old_office_refused",
    ),
    Format(
        "office file with macros",
        (".xlsm", ".xltm", ".docm", ".dotm", ".pptm", ".xlam"),
        None,
        refusal="macro_refused",
    ),
    Format(
        "pickle and other stored models",
        (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".h5", ".hdf5", ".keras", ".npy", ".npz", ".skops"),
        lambda content: _pickle(content) or content.startswith((b"\x89HDF", b"\x93NUMPY")),
        refusal="model_refused",
    ),
    Format(
        "file of a statistics program",
        (".rds", ".rdata", ".rda", ".sav", ".zsav", ".por", ".dta", ".gph", ".sas7bdat", ".xpt"),
        begins(b"$FL2", b"$FL3", b"<stata_dta>", b"RDX3\n", b"RDX2\n", b"RDA3\n"),
        refusal="statistics_file_refused",
    ),
    Format(
        "database",
        (".sqlite", ".sqlite3", ".db", ".duckdb", ".feather", ".arrow", ".orc", ".avro"),
        lambda content: (
            content.startswith((b"SQLite format 3\0", b"ARROW1", b"FEA1", b"ORC", b"Obj\x01"))
            or content[8:12] == b"DUCK"
        ),
        refusal="database_refused",
    ),
    Format(
        "image or recording of a person",
        (".dcm", ".nii", ".wav", ".mp3", ".mp4", ".mov", ".avi", ".edf", ".vcf", ".bam", ".fastq"),
        lambda content: content[128:132] == b"DICM" or content[4:8] == b"ftyp" or content[:4] == b"RIFF",
        refusal="recording_refused",
    ),
    Format(
        "program",
        (".exe", ".dll", ".so", ".jar", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".lnk", ".sh", ".hta", ".com"),
        begins(b"MZ\x90", b"\x7fELF", b"\xca\xfe\xba\xbe"),
        refusal="program_refused",
    ),
)
