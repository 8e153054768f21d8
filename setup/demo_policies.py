"""The policies of a demo home: the board's, and the exceptions that this very machine needs.

Rules: only a demo gets them (`make demo`, `setup up --demo`), in var/policies, with the home they belong to written
beside them, so that no other home of this clone uses them; production set-up never writes an exception. Each exception
names its reason and its source, becomes part of the policies that the demo's board adopts, and is said in red.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from setup.commands import last_lines
from setup.console import SetupError, alarm
from setup.places import Places

OF_HOME = ".home"
SOURCE = "set-up of a demo home"
REASONS = {
    "apparmor": "this machine's kernel or engine does not enforce AppArmor; only demo data is used on it",
    "yama": "this machine's kernel has no Yama; a kernel process could trace others of its own uid; only demo data",
    "core_pattern": "this machine pipes core dumps to a program; only demo data is used on it",
    "fscrypt": "this machine's kernel does not encrypt folders; only demo data is used on it",
}


def folder(places: Places) -> Path:
    return places.var / "policies"


def in_use(places: Places) -> bool:
    """Whether the home of this run is a demo home with policies of its own."""
    try:
        return (folder(places) / OF_HOME).read_text(encoding="utf-8") == str(places.enclave_home)
    except OSError:
        return False


def write(source: Path, target: Path, parts: Iterable[str]) -> None:
    """A copy of the policies in which these parts of the host baseline are excepted. JSON is YAML."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.yaml")):
        shutil.copyfile(path, target / path.name)
    exceptions = {part: {"reason": REASONS[part], "source": SOURCE} for part in parts}
    text = json.dumps({"exceptions": exceptions}, indent=2, sort_keys=True)
    (target / "exceptions.yaml").write_text(f"{text}\n", encoding="utf-8")
    for path in (target, *target.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)


def needed(places: Places) -> list[str]:
    """What this machine lacks and a policy may except, as the product itself sees it."""
    words = [str(places.python), "-m", "hub.cli", "doctor", "--host", "--json"]
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": str(places.root), "LANG": "C.UTF-8"}
    environment["HANARE_POLICIES"] = str(places.root / "policies")
    done = subprocess.run(words, env=environment, cwd=places.root, capture_output=True, check=False)
    try:
        return [str(part) for part in json.loads(done.stdout)["exceptions_needed"]]
    except (ValueError, KeyError) as error:
        raise SetupError(
            "This machine could not be looked at; what was said stands above.",
            "マシンの状態を確認できませんでした。直前の出力をご覧ください。",
            last_lines(done.stderr.decode("utf-8", "replace")),
        ) from error


def ensure(places: Places) -> str:
    """Have the demo's policies as the board's and this machine are now; what is excepted, in words."""
    parts = needed(places)
    write(places.root / "policies", folder(places), parts)
    (folder(places) / OF_HOME).write_text(str(places.enclave_home), encoding="utf-8")
    if parts:
        alarm(
            f"This machine lacks {', '.join(parts)}. The demo goes on with policy exceptions; real data must never be used here.",
            f"このマシンには {', '.join(parts)} がありません。デモは例外を置いて続けますが、実データは決して使わないでください。",
        )
    return f"{len(parts)} exceptions" if parts else "no exception needed"
