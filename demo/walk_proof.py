"""The proof: downloaded, compared with the ledger, verified offline; and a changed byte is found."""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from demo.walk_company import Walk, wait_for
from demo.walk_telling import Step
from demo.walk_trees import proves

VERIFIER = Path(__file__).resolve().parent.parent / "verifier" / "verify.py"
ATTEMPTS = 3
WHOLE, TAMPERED = 0, 4


def chapter(walk: Walk) -> None:
    """From the link to the tampered copy."""
    with walk.telling.step(
        "ダウンロード(3回まで)", "downloaded by a link: three attempts, no fourth"
    ) as step:
        package = download(walk, step)
    with walk.telling.step("領収書の検証", "the receipt proves that it stands in the signed ledger") as step:
        verify_receipt(walk, step, package)
    with walk.telling.step("監査用バンドルの検証", "the auditor's bundle verifies offline") as step:
        bundle = verify_bundle(walk, step)
    with walk.telling.step("1バイト書き換えると見つかる", "one byte changed in a copy is found") as step:
        tamper(walk, step, bundle)


def run_verifier(*arguments: object) -> tuple[int, str]:
    """The stand-alone verifier's status and its one line."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def download(walk: Walk, step: Step) -> bytes:
    """The package, three times the same and not a fourth time."""
    browser, release = walk.browser(walk.author), walk.telling.kept["release"]
    link = browser.post(f"/releases/{walk.request_id}/link")
    step.insist(link.is_success, f"a link is made ({link.status_code})")
    place, other = link.json()["link"], walk.browser(walk.intruder)
    step.show("good until", link.json()["expires_at"])
    walk.must_refuse(step, "the link in another's hands", other.ask(place))
    contents = set()
    for number in range(1, ATTEMPTS + 1):
        answer = browser.portal.get(place)
        step.insist(answer.is_success, f"attempt {number} ({answer.status_code})")
        contents.add(answer.content)
    step.insist(len(contents) == 1, "each attempt gave the same bytes")
    walk.must_refuse(step, "a fourth attempt", browser.ask(place), {"link_used_up"})
    (content,) = contents
    digest = hashlib.sha256(content).hexdigest()
    step.show("package", f"{len(content)} bytes, sha256 {digest}")
    step.insist(digest == release["facts"]["package"], "it is the package of the ledger's entry")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    step.show("inside", sorted(files))
    inside = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "record.json"}
    step.insist(set(inside.values()) == {walk.canonical_sha256}, "inside are exactly the confirmed bytes")
    release |= {
        "package_sha256": digest,
        "package_base64": base64.b64encode(content).decode(),
        "files": inside,
    }
    return content


def verify_receipt(walk: Walk, step: Step, package: bytes) -> None:
    """Proved twice: by this client's own arithmetic and by the stand-alone verifier."""
    browser, release = walk.browser(walk.author), walk.telling.kept["release"]
    place = f"/releases/{walk.request_id}/receipt"

    def signed() -> dict[str, Any] | None:
        answer = browser.ask(place)
        return dict(answer.json()) if answer.is_success else None

    receipt = wait_for("the recorder signs a checkpoint over the release", signed)
    release["receipt"] = receipt
    step.show("entry", f"{receipt['number']} of {receipt['size']}")
    step.insist(receipt["number"] == release["entry"], "the receipt is of the release's entry")
    step.insist(
        json.loads(receipt["leaf"])["facts"]["package"] == release["package_sha256"], "and names the package"
    )
    step.insist(proves(receipt), "the path leads from the leaf to the checkpoint's root")
    step.show("path", f"{len(receipt['path'])} hashes, computed by this client")
    files = {"released.zip": package, "receipt.json": json.dumps(receipt).encode()}
    for name, content in files.items():
        (walk.folder / name).write_bytes(content)
    code, said = run_verifier(
        "--receipt", walk.folder / "receipt.json", "--file", walk.folder / "released.zip"
    )
    step.show("verify.py", f"exit {code}: {said}")
    step.insist(code == WHOLE, "the stand-alone verifier agrees")


def verify_bundle(walk: Walk, step: Step) -> Path:
    """The whole ledger, carried away and verified against the receipt and an older checkpoint."""
    auditor, entry = walk.browser(walk.cast.one("auditor")), walk.telling.kept["release"]["entry"]

    def covers() -> bytes | None:
        answer = auditor.portal.get("/audit/bundle?bodies=1")
        header = json.loads(answer.text.partition("\n")[0]) if answer.is_success else {"size": 0}
        return answer.content if header["size"] >= entry else None

    content = wait_for("the bundle covers the release", covers)
    place = walk.folder / "ledger.jsonl"
    place.write_bytes(content)
    note = auditor.portal.get("/audit/checkpoints/latest")
    step.insist(note.is_success, "the newest checkpoint can be kept off-site")
    (walk.folder / "checkpoint.note").write_bytes(note.content)
    code, said = run_verifier(
        place, "--receipt", walk.folder / "receipt.json", "--file", walk.folder / "released.zip"
    )
    entries = content.count(b"\n") - 1
    step.show("bundle", f"{len(content)} bytes, {entries} entries")
    step.show("verify.py", f"exit {code}: {said}")
    step.insist(code == WHOLE, "the stand-alone verifier finds it whole")
    walk.telling.kept["bundle"] = {
        "file": place.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "checkpoint": note.text,
    }
    return place


def tamper(walk: Walk, step: Step, bundle: Path) -> None:
    """In a copy, the release is made to name another reviewer: one letter of one entry."""
    entry = walk.telling.kept["release"]["entry"]
    lines = bundle.read_bytes().split(b"\n")
    reviewer = walk.cast.with_role("checker")[0].username.encode()
    place = lines[entry].index(reviewer)
    changed = bytearray(lines[entry])
    changed[place] = ord("x") if changed[place] != ord("x") else ord("y")
    lines[entry] = bytes(changed)
    copy = bundle.with_name("ledger-changed.jsonl")
    copy.write_bytes(b"\n".join(lines))
    code, said = run_verifier(copy)
    step.show(
        "changed", f"entry {entry}: {reviewer.decode()} → {changed[place : place + len(reviewer)].decode()}"
    )
    step.show("verify.py", f"exit {code}: {said}")
    step.insist(code == TAMPERED, "the stand-alone verifier says that it was tampered with")
    named = re.search(r"entry (\d+)", said)
    step.insist(named is not None and int(named[1]) == entry, f"and names entry {entry}")
    walk.telling.kept["tampered"] = {"entry": entry, "exit": code, "said": said}
