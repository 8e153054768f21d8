"""The demo: set up, start, seed through the product's own use cases, and walk the story from outside.

Rules: seeding goes through the product, never into its tables; the walk is an outside client that is told nothing but
where cast.json is; with DEMO_EXIT=1 everything is stopped at the end and the status is 0 only if every step held.
"""

import os
import subprocess
from collections.abc import Mapping

from setup import programs, supervision, whole, zones
from setup.console import SetupError, line, step
from setup.places import Places


def _speak(places: Places, *words: str, env: Mapping[str, str]) -> int:
    """Run a program of ours with its output on the screen."""
    python = str(places.seen / ".venv" / "bin" / "python")
    return subprocess.run(
        [python, *words], check=False, env=dict(env), cwd=places.seen, stdin=subprocess.DEVNULL
    ).returncode


def seed(places: Places) -> None:
    """Found the demo home: people, source, permit, views, extract, by the product's own use cases."""
    with step("seed"):
        status = _speak(
            places,
            "-m",
            "hub.seed",
            env={**programs.shared_environment(places), "HOME": "/root", **third_party(places)},
        )
        if status != 0:
            raise SetupError(
                f"Seeding the demo failed (status {status}); what it said stands above.",
                f"デモデータの準備に失敗しました(終了コード {status})。直前の出力をご覧ください。",
            )
        zones.make_folders(places)


def third_party(places: Places) -> dict[str, str]:
    """Where files that nobody here wrote lie: what the caller says, or beside the clone as people see it."""
    beside = str(places.root.parent / "shared" / "thirdparty")
    return {"HANARE_THIRDPARTY": os.environ.get("HANARE_THIRDPARTY", beside)}


def seeded(places: Places, arguments: list[str]) -> int:
    """`python3 -m setup seed`: the running house gets its demo people and extract."""
    del arguments
    seed(places)
    return 0


def walk(places: Places) -> int:
    """The outside client; it gets no path of ours but its working folder."""
    known = {"PATH", "HOME", "LANG", "TERM", "DEMO_EXIT", "DOCKER_HOST"}
    env = {name: value for name, value in os.environ.items() if name in known}
    return _speak(
        places, "demo/walk.py", env={**env, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    )


def demo(places: Places, arguments: list[str]) -> int:
    """`make demo`."""
    leave = os.environ.get("DEMO_EXIT") == "1"
    whole.setup(places, arguments)
    whole.demo_policies_step(places)
    supervision.start(places)
    status = 1
    try:
        seed(places)
        status = walk(places)
    finally:
        if leave:
            supervision.down(places, [])
    if status != 0:
        raise SetupError(
            f"A step of the demo did not hold (status {status}); it is named above.",
            f"デモの手順が成立しませんでした(終了コード {status})。上の出力をご覧ください。",
        )
    if not leave:
        cast = places.root / "var" / "demo" / "cast.json"
        line(
            f"[demo] hub     http://127.0.0.1:8000\n[demo] portal  http://localhost:8001\n[demo] people  {cast}"
        )
        line(
            "[demo] make down stops it, make clean-demo removes it. / 停止は make down、削除は make clean-demo"
        )
    return 0
