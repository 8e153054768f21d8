"""Verify ``evidence.json`` again, offline: what a stranger does with it.

    python demo/verify_evidence.py [EVIDENCE]

Nothing is asked of the house. The released file is hashed, its inclusion proof is computed
here, signatures are checked by the stand-alone verifier, the containers' own accounts are read
for their isolation, and every refusal must have been one. Exit 0: all holds. Exit 4: something
does not, and it is named. Exit 2: wrong use.
"""

import base64
import binascii
import hashlib
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from demo.walk_proof import TAMPERED, WHOLE, run_verifier  # noqa: E402  the folder above must be known first
from demo.walk_trees import proves  # noqa: E402

EVIDENCE = Path(__file__).resolve().parent.parent / "var" / "demo" / "evidence.json"
LEAST_STEPS = 15
WRONG_USE = 2

Check = tuple[str, bool]


def check_steps(evidence: dict[str, Any]) -> Iterator[Check]:
    """The walk came to its end."""
    steps = evidence["steps"]
    yield f"{len(steps)} steps were walked", len(steps) >= LEAST_STEPS
    yield "every step held", evidence["held"] is True and all(step["ok"] for step in steps)
    yield "every condition in them held", all(one["held"] for step in steps for one in step["held"])
    refusals = evidence["refusals"]
    yield f"{len(refusals)} attempts were refused", all(r["status"] >= 400 or r["code"] for r in refusals)


def check_release(evidence: dict[str, Any]) -> Iterator[Check]:
    """The package is the one in the ledger, and the ledger's checkpoint is signed."""
    release = evidence["release"]
    package = base64.b64decode(release["package_base64"], validate=True)
    digest, receipt = hashlib.sha256(package).hexdigest(), release["receipt"]
    leaf = json.loads(receipt["leaf"])
    yield f"the package's sha256 is {digest}", digest == release["package_sha256"]
    yield f"entry {receipt['number']} names it", leaf["facts"]["package"] == digest
    yield "two people approved it", len(set(leaf["facts"]["reviewers"])) == 2
    yield "the inclusion proof leads to the checkpoint's root", proves(receipt)
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        inside = {
            hashlib.sha256(files.read(name)).hexdigest() for name in files.namelist() if name != "record.json"
        }
    yield "inside are exactly the approved bytes", inside == set(leaf["facts"]["files"])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "receipt.json").write_text(json.dumps(receipt), "utf-8")
        (Path(folder) / "released.zip").write_bytes(package)
        code, said = run_verifier("--receipt", f"{folder}/receipt.json", "--file", f"{folder}/released.zip")
    yield f"the stand-alone verifier: {said}", code == WHOLE


def check_containers(evidence: dict[str, Any]) -> Iterator[Check]:
    """Desk and kernel were sealed, as the engine itself said."""
    inspect = evidence["workspace"]["inspect"]
    for name in ("desk", "kernel"):
        host = inspect[name]["HostConfig"]
        sealed = (host["NetworkMode"], host["CapDrop"], host["ReadonlyRootfs"], host["Privileged"])
        yield f"the {name} was sealed: {sealed[0]}, {sealed[1]}", sealed == ("none", ["ALL"], True, False)
        mounts = {mount["Destination"]: mount["RW"] for mount in inspect[name]["Mounts"]}
        extract = {place: writable for place, writable in mounts.items() if place.startswith("/data")}
        wanted: list[bool] = [False] if name == "kernel" else []
        yield f"the {name} had the extract as it should", list(extract.values()) == wanted


def check_bundle(evidence: dict[str, Any], folder: Path) -> Iterator[Check]:
    """The bundle beside the evidence, when it is still there."""
    place = folder / str(evidence["bundle"]["file"])
    if place.is_file():
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        yield "the bundle is the one that was exported", digest == evidence["bundle"]["sha256"]
        code, said = run_verifier(place)
        yield f"the stand-alone verifier: {said}", code == WHOLE
    tampered = evidence["tampered"]
    yield f"a changed copy was found out: {tampered['said']}", tampered["exit"] == TAMPERED


def all_checks(evidence: dict[str, Any], folder: Path) -> Iterator[Check]:
    """Every check, in the order of the story."""
    if evidence["format"] != "hanare-demo-evidence/1":
        yield "this is the evidence of a demo", False
        return
    yield from check_steps(evidence)
    yield from check_containers(evidence)
    yield from check_release(evidence)
    yield from check_bundle(evidence, folder)


def main(arguments: list[str]) -> int:
    """Check and tell."""
    place = Path(arguments[0]) if arguments else EVIDENCE
    if len(arguments) > 1 or not place.is_file():
        sys.stderr.write("usage: python demo/verify_evidence.py [EVIDENCE]\n")
        return WRONG_USE
    held = True
    try:
        for what, good in all_checks(json.loads(place.read_text("utf-8")), place.parent):
            print(f"  {'✓' if good else '✗'}  {what}")
            held = held and good
    except (KeyError, TypeError, ValueError, IndexError, binascii.Error, zipfile.BadZipFile) as error:
        print(f"  ✗  the evidence is not whole: {type(error).__name__}: {error}")
        return TAMPERED
    return WHOLE if held else TAMPERED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
