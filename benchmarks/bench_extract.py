"""Building and reading an encrypted extract, against the same DuckDB without any of it.

``pseudonyms_5m``: five million keys into a table of pseudonyms, against DuckDB's own SHA-256 of
the same keys (no key, no HMAC). ``extract_build_20m``: the product's whole build, from the
source's file to the signed hand-over (types checked, cohort, pseudonyms, order, encryption, id
set, hashes, copies), against a bare ``CREATE TABLE AS`` of the view's SELECT into a plain file,
source keys as they are and unordered; ``..._in_order`` is the same against that SELECT ordered.
``extract_memory_20m``: the largest memory that the building process had, in GB, against the bare
one's. ``query_encrypted``: what a researcher asks (counts and medians by item and sex) of that
extract, against the same rows in a plain file. Then the build once more at a hundred million rows.

Every build is a process of its own, one after the other in turns. ``HANARE_BENCH_ROWS``,
``HANARE_BENCH_LARGE`` (0 leaves it out) and ``HANARE_BENCH_TIMES`` change the sizes.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.extract_source import make_source  # noqa: E402  the folder above must be known first
from benchmarks.measured import in_turns, seconds, tell, whole_number  # noqa: E402
from catalog.adapters.duckdb_setup import connect, literal, load_openssl  # noqa: E402
from catalog.adapters.extract_duckdb import DuckdbExtracts  # noqa: E402
from catalog.adapters.extract_folders import ExtractFolders  # noqa: E402
from catalog.adapters.prepared_source import attach_source, fill_pseudonyms  # noqa: E402
from catalog.adapters.producer_keys import SigningKeyFile  # noqa: E402
from catalog.builds import Keys  # noqa: E402
from catalog.extracts import ExtractPlan, PlannedView  # noqa: E402
from catalog.policy import TransformRules  # noqa: E402
from catalog.schema.canonical import CANONICAL  # noqa: E402
from catalog.view_compiler import compile_view  # noqa: E402
from catalog.views.files import read_view  # noqa: E402
from enclave.adapters.system import SystemRandomness  # noqa: E402
from enclave.projects import Cohort  # noqa: E402

ROWS = whole_number("HANARE_BENCH_ROWS", 20_000_000)
LARGE = whole_number("HANARE_BENCH_LARGE", 100_000_000)
IDS = whole_number("HANARE_BENCH_IDS", 5_000_000)
TIMES = whole_number("HANARE_BENCH_TIMES", 3)
DATA_KEY, PSEUDONYM_KEY = b"\x11" * 32, b"\x22" * 32
MEMORY = "3GB"
VIEW = """
-- table: labs
-- label: 検査結果 / laboratory results
-- column patient_key: 患者 / person
-- column sex: 性別 / sex
-- column age: 年齢階級 / age band
-- column day: 採取日 / day of the specimen
-- column jlac10: 検査項目 / item
-- column value: 検査値 / value
-- column unit: 単位 / unit
-- column flag: 異常区分 / flag
SELECT pseudonym(l.patient_key) AS patient_key, p.sex AS sex,
       age_band(p.birth_date, CAST(l.specimen_ts AS DATE), 5) AS age, CAST(l.specimen_ts AS DATE) AS day,
       l.jlac10 AS jlac10, l.value_num AS value, l.unit_ucum AS unit, l.abn_flag AS flag
FROM lab_result AS l INNER JOIN patient AS p ON p.patient_key = l.patient_key
"""
BARE = """
SELECT l.patient_key AS patient_key, p.sex AS sex,
       date_sub('year', p.birth_date, CAST(l.specimen_ts AS DATE)) // 5 * 5 AS age,
       CAST(l.specimen_ts AS DATE) AS day,
       l.jlac10 AS jlac10, l.value_num AS value, l.unit_ucum AS unit, l.abn_flag AS flag
FROM origin.lab_result AS l INNER JOIN origin.patient AS p ON p.patient_key = l.patient_key
"""
ASKED = "SELECT jlac10, sex, count(DISTINCT patient_key), median(value) FROM extract.labs GROUP BY ALL ORDER BY ALL"


def extract_of(folder: Path) -> Path:
    """Where the product hands the extract over."""
    return folder / "extracts" / "p-bench" / "v1.duckdb"


def build_ours(folder: Path, source: Path) -> None:
    """The product's build of the view, everything but the ledger and the sealed box."""
    view = read_view("labs", VIEW)
    compiled = compile_view(view.text, CANONICAL).view
    if compiled is None:
        raise ValueError("the benchmark's view is refused")
    plan = ExtractPlan(
        project="p-bench",
        version="v1",
        views=(PlannedView(view, "0" * 64, compiled),),
        cohort=Cohort(everyone=True),
        permit_digest="0" * 64,
        policy_digest="0" * 64,
        schema_digest="0" * 64,
        source_version="0" * 64,
        planned_at=datetime(2026, 1, 1, tzinfo=UTC),
        transforms=TransformRules(10, 30),
    )
    fresh = SystemRandomness()
    (folder / "extracts").mkdir(exist_ok=True)
    folders = ExtractFolders(folder / "builds", folder / "extracts")
    signing = SigningKeyFile(folder / "signing.key", fresh)
    DuckdbExtracts(source, folders, signing, CANONICAL, fresh).build(plan, Keys(PSEUDONYM_KEY, DATA_KEY))


def build_bare(folder: Path, source: Path, *, ordered: bool) -> None:
    """One statement into a plain file."""
    file = folder / "bare.duckdb"
    file.unlink(missing_ok=True)
    with connect(folder / "spill", MEMORY) as connection:
        attach_source(connection, source)
        connection.execute(f"ATTACH {literal(str(file))} AS extract")
        order = "ORDER BY ALL" if ordered else ""
        connection.execute(f"CREATE TABLE extract.labs AS {BARE} {order}")
        connection.execute("DETACH extract")


def in_process(what: str, folder: Path, source: Path) -> tuple[float, float]:
    """One build in a process of its own: seconds, and the largest memory it had in GB."""
    began = time.perf_counter()
    child = subprocess.run(
        [sys.executable, __file__, what, str(folder), str(source)], check=True, stdout=subprocess.PIPE
    )
    return time.perf_counter() - began, int(child.stdout) / 1e9


def own_peak() -> int:
    """The largest memory this process had, in bytes. (What a parent is told includes its own.)"""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024


def measure_builds(folder: Path, rows: int, times: int) -> None:
    """The build's lines; the folder keeps our extract."""
    source = folder / "source.duckdb"
    source.unlink(missing_ok=True)
    make_source(source, rows)
    whats = ("ours", "bare", "bare-in-order")
    turns = [[in_process(what, folder, source) for what in whats] for _ in range(times)]
    spent = [statistics.median(turn[at][0] for turn in turns) for at in range(3)]
    memory = [max(turn[at][1] for turn in turns) for at in range(3)]
    size, peer = (
        f"{rows // 1_000_000}m",
        f"DuckDB {duckdb.__version__} CREATE TABLE AS, plain file, {rows} rows",
    )
    tell(f"extract_build_{size}", spent[0], "s", peer, spent[1])
    tell(f"extract_build_{size}_in_order", spent[0], "s", f"{peer}, ordered", spent[2])
    tell(f"extract_memory_{size}", memory[0], "GB", peer, memory[1])


def ask(file: Path, *, sealed: bool) -> None:
    """Open the extract and ask."""
    key = f", ENCRYPTION_KEY {literal(DATA_KEY.hex())}" if sealed else ""
    with connect() as connection:
        load_openssl(connection)
        connection.execute(f"ATTACH {literal(str(file))} AS extract (READ_ONLY{key})")
        connection.execute(ASKED).fetchall()


def measure_query(folder: Path) -> None:
    """The same question to the encrypted extract and to the same rows in a plain file."""
    sealed, plain = extract_of(folder), folder / "plain.duckdb"
    with connect(folder / "spill", MEMORY) as connection:
        load_openssl(connection)
        connection.execute(
            f"ATTACH {literal(str(sealed))} AS extract (READ_ONLY, ENCRYPTION_KEY {literal(DATA_KEY.hex())})"
        )
        connection.execute(f"ATTACH {literal(str(plain))} AS plain")
        connection.execute("CREATE TABLE plain.labs AS FROM extract.labs")
    ours, theirs = in_turns(lambda: ask(sealed, sealed=True), lambda: ask(plain, sealed=False), 5 * TIMES)
    tell("query_encrypted", ours, "s", f"DuckDB {duckdb.__version__}, plain file, {ROWS} rows", theirs)


def measure_pseudonyms() -> None:
    """Keys in a table become a table of pseudonyms."""
    with connect() as connection:
        connection.execute(
            f"CREATE TABLE known AS SELECT 1000000000000 + range * 7919 AS key FROM range({IDS})"
        )
        connection.execute("CREATE TABLE made (key BIGINT, pseudonym UUID)")
        keys = "SELECT DISTINCT key FROM known"
        ours = seconds(lambda: fill_pseudonyms(connection, "made", "patient", keys, PSEUDONYM_KEY))
        hashed = (
            "CREATE TABLE hashed AS"
            f" SELECT key, CAST(left(sha256(CAST(key AS VARCHAR)), 32) AS UUID) AS id FROM ({keys})"
        )
        theirs = seconds(lambda: connection.execute(hashed))
    tell("pseudonyms_5m", ours, "s", f"DuckDB {duckdb.__version__} sha256(), {IDS} keys", theirs)


def main() -> int:
    """All of them, or, as a child, one build."""
    if len(sys.argv) > 1:
        what, folder, source = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
        if what == "ours":
            build_ours(folder, source)
        else:
            build_bare(folder, source, ordered=what == "bare-in-order")
        print(own_peak())
        return 0
    measure_pseudonyms()
    with tempfile.TemporaryDirectory() as made:
        measure_builds(Path(made), ROWS, TIMES)
        measure_query(Path(made))
        if LARGE:
            measure_builds(Path(made), LARGE, 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
