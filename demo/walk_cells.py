"""The cells that the walk runs in the researcher's notebook, as a person would write them.

Each prints one line of JSON last. They use what a researcher has: ``enclave_kit``, pandas and
Python. Which grouping has a small cell is found out from the data at run time.
"""

READ_EXTRACT = """
import json
import enclave_kit as kit
connection = kit.connect()
listing = kit.tables(connection)
labels = {name: label if isinstance(label, str) else "" for name, label in zip(listing["table"], listing["table_label"])}
rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(labels)}
print(json.dumps({"rows": rows, "labels": labels}, ensure_ascii=False))
"""

TRY_NETWORK = """
import json, socket, urllib.request
def attempt(what):
    try:
        what()
    except Exception as error:
        return type(error).__name__
    return "CONNECTED"
print(json.dumps({
    "socket 192.0.2.1:443": attempt(lambda: socket.create_connection(("192.0.2.1", 443), 3)),
    "socket 127.0.0.1:8000 (hub)": attempt(lambda: socket.create_connection(("127.0.0.1", 8000), 3)),
    "socket 172.17.0.1:22 (host)": attempt(lambda: socket.create_connection(("172.17.0.1", 22), 3)),
    "udp 192.0.2.1:53": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"?", ("192.0.2.1", 53))),
    "dns example.com": attempt(lambda: socket.getaddrinfo("example.com", 443)),
    "urllib http://localhost:8001": attempt(lambda: urllib.request.urlopen("http://localhost:8001/", timeout=3)),
    "urllib https://example.com": attempt(lambda: urllib.request.urlopen("https://example.com/", timeout=3)),
}))
"""

LOOK_AROUND = """
import json, os
def readable(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
processes = [readable(f"/proc/{name}/cmdline").replace(b"\\0", b" ").decode(errors="replace") for name in os.listdir("/proc") if name.isdigit()]
environments = b"".join(readable(f"/proc/{name}/environ") for name in os.listdir("/proc") if name.isdigit())
try:
    open("/data/extract.duckdb", "ab").close()
    data = "WRITABLE"
except OSError as error:
    data = type(error).__name__
print(json.dumps({
    "interfaces": sorted(os.listdir("/sys/class/net")),
    "uid": os.getuid(),
    "token in an environment": any(word in environments for word in (b"TOKEN", b"token", b"JUPYTERHUB_")),
    "desk processes": [line for line in processes if "jupyter" in line],
    "sockets of the desk": [path for path in ("/run/hub", "/run/intake", "/run/web") if os.path.exists(path)],
    "writing to the extract": data,
}))
"""

LEAVE_A_FILE = """
import json
from pathlib import Path
import enclave_kit as kit
name = sorted(set(kit.tables()["table"]))[0]
with kit.connect() as own:
    own.execute(f'SELECT * FROM "{name}" LIMIT 200').fetchdf().to_csv("/work/rows.csv", index=False)
Path("/work/rows.txt").write_bytes(Path("/work/rows.csv").read_bytes())
print(json.dumps({"bytes": Path("/work/rows.csv").stat().st_size}))
"""

_COUNT = """
import hashlib, json, re
import pandas as pd
import enclave_kit as kit
connection = kit.connect()
listing = kit.tables(connection)
columns = {table: list(group["column"]) for table, group in listing.groupby("table")}
people = next(t for t, c in columns.items() if "patient_key" in c and "sex" in c and any(re.match("birth|age", n) for n in c))
by_age = next(n for n in columns[people] if re.match("birth|age", n))
if by_age.startswith("birth"):
    age = f'CAST(floor((2026 - CAST(substr(CAST(p."{by_age}" AS VARCHAR), 1, 4) AS INTEGER)) / 10) * 10 AS INTEGER)'
else:
    age = f'CAST(floor(CAST(regexp_extract(CAST(p."{by_age}" AS VARCHAR), \\'[0-9]+\\') AS INTEGER) / 10) * 10 AS INTEGER)'
codes = [(t, n) for t, c in columns.items() for n in c if "patient_key" in c and n in ("icd10", "receipt_disease_code")]

def counts(having, values):
    found = connection.execute(f'''
        SELECT least({age}, 90) AS band, coalesce(CAST(p.sex AS VARCHAR), '') AS sex, count(DISTINCT p.patient_key) AS n
        FROM "{people}" p {having} GROUP BY ALL''', values).fetchall()
    return {(band, sex): n for band, sex, n in found if band is not None}

def questions():
    for table, code in codes:
        frequent = connection.execute(f'''
            SELECT CAST("{code}" AS VARCHAR) AS c, count(DISTINCT patient_key) AS n FROM "{table}"
            WHERE "{code}" IS NOT NULL GROUP BY 1 ORDER BY n DESC, c LIMIT 40''').fetchall()
        for value, _ in frequent:
            yield f"{code} {value}", f'WHERE p.patient_key IN (SELECT patient_key FROM "{table}" WHERE CAST("{code}" AS VARCHAR) = ?)', [value]
    yield "すべての患者", "", []

def named(first, last):
    return f"{first}以上" if last >= 90 else f"{first}-{last + 9}"

def small(grid):
    return [n for n in grid.values() if 0 < n < 10]

question, grid = next(
    (q, g) for q, where, values in questions() for g in [counts(where, values)] if small(g) and any(n >= 10 for n in g.values())
)
bands, sexes = sorted({b for b, _ in grid}), sorted({s for _, s in grid})
"""

_ASK = """
content = table.to_csv(index=False, lineterminator="\\n").encode()
draft = kit.request_release({"table1.csv": table}, TITLE, f"{question} の患者数(年齢階級・性別)")
header = list(table.columns)
rows = [[str(cell) for cell in row] for row in table.itertuples(index=False)]
too_small = [number for number, row in enumerate(rows, start=2) if 0 < int(row[-1]) < 10]
print(json.dumps({"draft_id": draft, "question": question, "header": header, "rows": rows,
                  "small_rows": too_small, "sha256": hashlib.sha256(content).hexdigest()}, ensure_ascii=False))
"""

_AS_COUNTED = """
table = pd.DataFrame(
    [(named(b, b), s or "不明", grid.get((b, s), 0)) for b in bands for s in sexes],
    columns=["年齢階級", "性別", "患者数"],
)
"""

_MERGED = """
def merge(sexes_of):
    groups, open_group = [], []
    for band in bands:
        open_group.append(band)
        sums = [sum(grid.get((b, s), 0) for b in open_group for s in some) for some in sexes_of]
        if all(n == 0 or n >= 10 for n in sums) and any(sums):
            groups.append(open_group)
            open_group = []
    if open_group and groups:
        groups[-1] += open_group
        if any(0 < sum(grid.get((b, s), 0) for b in groups[-1] for s in some) < 10 for some in sexes_of):
            return merge_all(sexes_of)
    elif open_group:
        return None
    return groups

def merge_all(sexes_of):
    sums = [sum(grid.get((b, s), 0) for b in bands for s in some) for some in sexes_of]
    return [bands] if all(n == 0 or n >= 10 for n in sums) else None

split = [[s] for s in sexes]
groups = merge(split)
if groups is None:
    split = [sexes]
    groups = merge(split) or [bands]
table = pd.DataFrame(
    [(named(g[0], g[-1]), "・".join(s or "不明" for s in some), sum(grid.get((b, s), 0) for b in g for s in some))
     for g in groups for some in split],
    columns=["年齢階級", "性別", "患者数"],
)
"""


_CHECK = """
import time
begun = time.monotonic()
told = kit.check({"table1.csv": table})
seconds = time.monotonic() - begun
kinds = sorted({remedy["kind"] for remedy in told.remedies})
mended = kit.fix({"table1.csv": table}, kinds[0]) if kinds else None
left = {remedy["kind"]: remedy["left"] for remedy in told.remedies}
rows = sorted({f["where"]["row"] for f in told.findings if f["rule"] == "SDC.small_cell"})
too_small = [number for number, row in enumerate(table.itertuples(index=False), start=2) if 0 < int(row[-1]) < 10]
print(json.dumps({"verdict": told.verdict, "rows": rows, "small_rows": too_small, "remedies": kinds, "left": left,
                  "mended": mended.verdict if mended else "", "seconds": round(seconds, 1)}))
"""


def check_first() -> str:
    """The table as counted, asked about before anything is handed in, and mended as a draft where a remedy is offered."""
    return f"{_COUNT}{_AS_COUNTED}{_CHECK}"


def ask_with_small_cells(title: str) -> str:
    """A table as counted, small cells and all, put into the outbox."""
    return f"TITLE = {title!r}\n{_COUNT}{_AS_COUNTED}{_ASK}"


def ask_corrected(title: str) -> str:
    """The same question with neighbouring classes merged until nobody is alone in a cell."""
    return f"TITLE = {title!r}\n{_COUNT}{_MERGED}{_ASK}"


def read_answer(draft_id: str) -> str:
    """What the notebook is told of a request."""
    return f"""
import json
import enclave_kit as kit
told = kit.releases()
mine = told[told["draft_id"] == {draft_id!r}]
print(json.dumps({{"states": list(mine["state"])}}, ensure_ascii=False))
"""
