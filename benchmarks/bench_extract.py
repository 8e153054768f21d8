"""Building and reading an encrypted extract, against the same DuckDB without encryption.

``extract_build_20m``: a table of laboratory results joined to its pseudonyms and written as the
product writes it (AES-256-GCM with OpenSSL), against the same statement into a plain file.
``query_encrypted``: what a researcher asks of it (counts and medians by item and sex), against
the same on the plain file. ``HANARE_BENCH_ROWS`` makes it smaller; each line says how many rows there were.
"""

import sys
import tempfile
from pathlib import Path

import duckdb

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.measured import in_turns, tell, whole_number  # noqa: E402  the folder above must be known first
from catalog.adapters.duckdb_setup import connect, literal, load_openssl  # noqa: E402

ROWS = whole_number("HANARE_BENCH_ROWS", 20_000_000)
TIMES = whole_number("HANARE_BENCH_TIMES", 3)
KEY = "11" * 32
SOURCE = """
CREATE TABLE lab AS
SELECT (n * 7919) % greatest(1, $rows // 200) AS patient, n % 43 AS item,
       DATE '2020-04-01' + CAST(n % 1800 AS INTEGER) AS day, (n * 31 % 1000) / 10.0 AS value
FROM range($rows) r(n)
"""
PSEUDONYMS = """
CREATE TABLE pseudonym AS
SELECT patient, CAST(md5(CAST(patient AS VARCHAR)) AS UUID) AS patient_key,
       CASE WHEN patient % 2 = 0 THEN 'F' ELSE 'M' END AS sex
FROM (SELECT DISTINCT patient FROM lab)
"""
CUT = """
CREATE TABLE extract.lab AS
SELECT p.patient_key, p.sex, l.item, l.day, l.value FROM lab l JOIN pseudonym p USING (patient)
"""
ASKED = (
    "SELECT item, sex, count(DISTINCT patient_key), median(value) FROM extract.lab GROUP BY ALL ORDER BY ALL"
)


def attach(connection: duckdb.DuckDBPyConnection, file: Path, *, sealed: bool) -> None:
    """The extract's file under its name, encrypted or plain."""
    key = f" (ENCRYPTION_KEY {literal(KEY)}, ENCRYPTION_CIPHER 'GCM')" if sealed else ""
    connection.execute(f"ATTACH {literal(str(file))} AS extract{key}")


def build(connection: duckdb.DuckDBPyConnection, file: Path, *, sealed: bool) -> None:
    """Write the extract, whole, to its file."""
    file.unlink(missing_ok=True)
    attach(connection, file, sealed=sealed)
    connection.execute(CUT)
    connection.execute("DETACH extract")


def ask(file: Path, *, sealed: bool) -> None:
    """Open the extract and ask."""
    with connect() as connection:
        load_openssl(connection)
        attach(connection, file, sealed=sealed)
        connection.execute(ASKED).fetchall()


def main() -> int:
    """Both benchmarks."""
    peer = f"DuckDB {duckdb.__version__}, plain file, {ROWS} rows"
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder) / "spill") as connection:
        load_openssl(connection)
        connection.execute(SOURCE, {"rows": ROWS})
        connection.execute(PSEUDONYMS)
        sealed, plain = Path(folder) / "sealed.duckdb", Path(folder) / "plain.duckdb"
        ours, theirs = in_turns(
            lambda: build(connection, sealed, sealed=True),
            lambda: build(connection, plain, sealed=False),
            TIMES,
        )
        tell("extract_build_20m", ours, "s", peer, theirs)
        ours, theirs = in_turns(lambda: ask(sealed, sealed=True), lambda: ask(plain, sealed=False), TIMES)
        tell("query_encrypted", ours, "s", peer, theirs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
