"""The three images: desk, kernel, reader.

Rules: built without network on a base of Debian packages; in two layers, the locked wheels first and our own few files
last, so that a change of our code costs seconds; the content of each layer is a digest in its label, and a layer whose digest stands is not built
again; the ids that the product runs by are written to images.json, never a tag.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from setup import debian_image, lab, wheels
from setup.commands import answers, run
from setup.console import SetupError, step
from setup.contexts import add, context, directory
from setup.debian_image import LABEL, Base, image_id, label
from setup.places import Places
from setup.stamps import Stamps, digest

SKIPPED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", "tests", "lab"})


@dataclass(frozen=True, slots=True)
class Image:
    """One image: its Dockerfile's folder, its virtual environment, and the folders of ours it carries."""

    name: str
    folder: str
    venv: str
    sources: tuple[str, ...]
    extension: bool = False
    """Whether it carries what setup/lab.py builds."""


IMAGES = (
    Image("desk", "images/analysis/desk", "/opt/desk", ("images/analysis/desk",), extension=True),
    Image(
        "kernel", "images/analysis/kernel", "/opt/analysis", ("images/analysis/kernel", "images/analysis/kit")
    ),
    Image("reader", "images/reader", "/opt/reader", ("images/reader",)),
)


def _entries(root: Path, sources: Iterable[str]) -> Iterable[tuple[str, Path]]:
    for source in sources:
        start = root / source
        for path in sorted(start.rglob("*")):
            if path.is_file() and not SKIPPED.intersection(path.relative_to(start).parts):
                yield f"{start.name}/{path.relative_to(start)}", path


def base_of(places: Places, image: Image) -> Base:
    """The base of an image, by the Debian packages it names beside its Dockerfile."""
    names = places.root / image.folder / "packages.txt"
    extra = debian_image.package_names(names.read_text(encoding="utf-8")) if names.exists() else ()
    return debian_image.base_of(image.name, extra)


def _build(tag: str, value: str, arguments: dict[str, str], tar: Path) -> None:
    command: list[str | Path] = [
        "docker",
        "build",
        "--network",
        "none",
        "--rm",
        "--force-rm",
        "--label",
        f"{LABEL}={value}",
    ]
    for name, said in arguments.items():
        command += ["--build-arg", f"{name}={said}"]
    with tar.open("rb") as content:
        run([*command, "--tag", tag, "-"], what=f"Building {tag}", what_ja=f"{tag} の作成", stdin=content)


def _venv_layer(places: Places, image: Image, base: str, base_tag: str) -> tuple[str, str]:
    """The image with the locked wheels; its id and what was done."""
    tag = f"hanare/{image.name}-venv:local"
    requirements = places.root / image.folder / "requirements.txt"
    dockerfile = places.root / "images" / "base" / "venv.Dockerfile"
    value = digest([base, requirements, dockerfile, image.venv])
    found = image_id(tag)
    if found and label(tag) == value:
        return found, "wheels reused"
    folder, downloaded = wheels.ensure(places.var / "wheels", image.name, requirements, base)
    with tempfile.TemporaryDirectory(prefix="hanare-") as work:
        tar = Path(work) / "context.tar"
        with tarfile.open(tar, "w") as archive:
            add(archive, "Dockerfile", dockerfile)
            add(archive, "requirements.txt", requirements)
            archive.addfile(directory("wheels"))
            for wheel in sorted(folder.glob("*.whl")):
                add(archive, f"wheels/{wheel.name}", wheel)
        _build(tag, value, {"BASE": base_tag, "VENV": image.venv}, tar)
    return _present(tag), "wheels downloaded" if downloaded else "wheels installed"


def _present(tag: str) -> str:
    found = image_id(tag)
    if found is None:
        raise SetupError(f"{tag} is not there after its build.", f"{tag} が作成後に見つかりません。")
    return found


def _extension(places: Places, base: str, node_ready: Callable[[], object]) -> list[tuple[str, Path]]:
    """The files of the built JupyterLab extension, by their names in the context."""
    folder, _ = lab.ensure(places, Stamps(places.var / "stamps"), base, node_ready)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(f"labextension/{path.relative_to(folder)}", path) for path in found]


def _image(
    places: Places, image: Image, bases: Mapping[Base, str], node_ready: Callable[[], object]
) -> tuple[str, str]:
    """One finished image; its id and what was done."""
    tag = f"hanare/{image.name}:local"
    base = base_of(places, image)
    with step(f"image {image.name}") as say:
        layer, words = _venv_layer(places, image, bases[base], base.tag)
        files = [
            ("Dockerfile", places.root / image.folder / "Dockerfile"),
            ("install_source.py", places.root / "images" / "base" / "install_source.py"),
            *_entries(places.root, image.sources),
            *(_extension(places, bases[base], node_ready) if image.extension else ()),
        ]
        tar = context(files)
        value = digest([layer, hashlib.sha256(tar).hexdigest()])
        found = image_id(tag)
        if found is None or label(tag) != value:
            with tempfile.TemporaryDirectory(prefix="hanare-") as work:
                (Path(work) / "context.tar").write_bytes(tar)
                _build(
                    tag, value, {"VENV_IMAGE": f"hanare/{image.name}-venv:local"}, Path(work) / "context.tar"
                )
            found, words = _present(tag), f"built, {words}"
        else:
            words = "reused"
        say(f"{words} ({found[7:19]})")
    return image.name, found


def _base(places: Places, base: Base) -> str:
    """One finished base; its id."""
    with step(f"image {base.tag.removeprefix('hanare/').removesuffix(':local')}") as say:
        found, words = debian_image.ensure(
            base, places.root / "images" / "base", os.environ.get("BASE_IMAGE") or None
        )
        say(words)
    return found


def ensure(places: Places, only: Iterable[str], node_ready: Callable[[], object]) -> dict[str, str]:
    """Have the images and write their ids to images.json; `node_ready` waits until .venv holds node."""
    chosen = [image for image in IMAGES if not only or image.name in set(only)]
    wanted = sorted({base_of(places, image) for image in chosen}, key=lambda base: base.tag)
    with ThreadPoolExecutor(2) as pool:
        bases = dict(pool.map(lambda base: (base, _base(places, base)), wanted))
        built = dict(pool.map(lambda image: _image(places, image, bases, node_ready), chosen))
    answers(["docker", "image", "prune", "--force", "--filter", "label=hanare.stage=build"], timeout=120)
    record(places.enclave_home / "images.json", built)
    return built


def record(path: Path, built: dict[str, str]) -> None:
    """Write the ids beside those of images that were not built now."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps({**known, **built}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.chmod(0o644)
    new.replace(path)
