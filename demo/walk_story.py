"""The story in order: before anybody works, inside, the result, the proof."""

import argparse
import sys
from pathlib import Path

import httpx

from demo import walk_before, walk_inside, walk_proof, walk_result
from demo.walk_company import Walk
from demo.walk_people import read_cast
from demo.walk_telling import FaultError, Telling

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = (walk_before.chapter, walk_inside.chapter, walk_result.chapter, walk_proof.chapter)


def main(arguments: list[str]) -> int:
    """Walk; status 0 when every step held."""
    parser = argparse.ArgumentParser(description="Walk one result through the house, from outside.")
    parser.add_argument("cast", nargs="?", type=Path, default=ROOT / "var" / "demo" / "cast.json")
    parser.add_argument("--evidence", type=Path, default=ROOT / "var" / "demo" / "evidence.json")
    asked = parser.parse_args(arguments)
    if not asked.cast.is_file():
        sys.stderr.write(
            f"{asked.cast} がありません。make demo が用意します。\nThere is no such cast: make demo makes it.\n"
        )
        return 2
    telling = Telling(sys.stdout)
    walk = Walk(read_cast(asked.cast), telling, asked.evidence.parent)
    telling.kept["addresses"] = {"hub": walk.cast.hub, "portal": walk.cast.portal}
    telling.kept["source"] = walk.cast.source
    try:
        for chapter in CHAPTERS:
            chapter(walk)
    except (FaultError, httpx.HTTPError, TimeoutError, ValueError, KeyError, IndexError, OSError) as error:
        telling.line(
            f"\n  ✗  手順が成立しませんでした / a step did not hold: {type(error).__name__}: {error}"
        )
        return 1
    else:
        return 0
    finally:
        walk.close()
        telling.write(asked.evidence)
        telling.line(f"\n     evidence: {asked.evidence}")
