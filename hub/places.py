"""Where the product's own files lie: the folder that holds the rooms, policies and demo.

A demo home has policies of its own in ``var/policies``: the board's with the exceptions of its
machine (``docs/operations/doctor.md``). Set-up tells its processes; a command that somebody types
finds them here, for that very home and no other.
"""

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO_POLICIES = ROOT / "var" / "policies"
POLICIES = "HANARE_POLICIES"


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, with the policies of a demo home where nothing else was said."""
    found = dict(environment)
    if POLICIES not in found and _is_demo(Path(found.get("ENCLAVE_HOME", str(ROOT / "var" / "enclave")))):
        found[POLICIES] = str(DEMO_POLICIES)
    return found


def _is_demo(home: Path) -> bool:
    try:
        return home.samefile((DEMO_POLICIES / ".home").read_text(encoding="utf-8"))
    except OSError:
        return False
