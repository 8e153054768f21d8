"""The base images, without any container registry.

Rules: Debian trixie, from the machine's own package source (read from its apt configuration when set-up runs, never
written here); BASE_IMAGE names a registry image to use instead; an image that needs more Debian packages than the
others has a base of its own; a base says in a label what it was made from, so any clone on this machine reuses it.
"""

import os
import re
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from setup import packages
from setup.commands import answers, run
from setup.contexts import context
from setup.stamps import digest

LABEL = "hanare.content"
SUITE = "trixie"
INCLUDED = ("python3", "python3-venv", "python3-pip", "ca-certificates")
PROXIES = frozenset({"http_proxy", "https_proxy", "no_proxy"})
FORWARDED = re.compile(
    r'^(Acquire::(?:https?::Proxy|Check-Valid-Until|Check-Date|Retries)\b[^ ]*) "(.+)";$', re.MULTILINE
)
PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_INSTALLING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Base:
    """One base: its tag, and the Debian packages it holds."""

    tag: str
    packages: tuple[str, ...]


COMMON = Base("hanare/base:local", INCLUDED)


def base_of(name: str, extra: tuple[str, ...]) -> Base:
    """The base of an image: the common one, or its own when it names packages."""
    return Base(f"hanare/base-{name}:local", (*INCLUDED, *extra)) if extra else COMMON


def package_names(text: str) -> tuple[str, ...]:
    """The packages that a list names, one a line; what is no package's name is refused."""
    names = tuple(line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#"))
    for name in names:
        if not PACKAGE.fullmatch(name):
            message = f"not the name of a Debian package: {name}"
            raise ValueError(message)
    return names


def image_id(tag: str) -> str | None:
    told = answers(["docker", "image", "inspect", "--format", "{{.Id}}", tag])
    return told.strip() if told else None


def label(tag: str) -> str | None:
    told = answers(["docker", "image", "inspect", "--format", f'{{{{index .Config.Labels "{LABEL}"}}}}', tag])
    return told.strip() if told else None


def mirror_of(sources: str) -> str | None:
    """The address of the Debian archive that a machine's apt sources name; None when they name none.

    It is the one that serves `main` of a plain Debian release: not security, not updates, not another vendor's.
    """
    wanted = re.compile(r"^(bookworm|trixie|forky|stable|testing|sid)$")
    for row in re.findall(r"(?m)^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", sources):
        if wanted.match(row[1]) and "main" in row[2].split():
            return str(row[0])
    for block in re.split(r"\n\s*\n", sources):
        fields = dict(re.findall(r"(?m)^(Types|URIs|Suites|Components):\s*(.+)$", block))
        suites = fields.get("Suites", "").split()
        if any(wanted.match(suite) for suite in suites) and "main" in fields.get("Components", "").split():
            uris = fields.get("URIs", "").split()
            return uris[0] if uris and "deb" in fields.get("Types", "").split() else None
    return None


def apt_sources(folder: Path = Path("/etc/apt")) -> str:
    """Every apt source of the machine as one text."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    return "\n\n".join(
        path.read_text(encoding="utf-8")
        for path in files
        if path.suffix in {".list", ".sources"} and path.is_file()
    )


def _from_debian(base: Base, value: str, folder: Path) -> None:
    with _INSTALLING:
        packages.install(packages.missing(packages.IMAGES), as_root=os.geteuid() == 0)
    options = [
        f'--aptopt={name} "{said}"' for name, said in FORWARDED.findall(answers(["apt-config", "dump"]) or "")
    ]
    mirror = mirror_of(apt_sources())
    with tempfile.TemporaryDirectory(prefix="hanare-") as work:
        tar = Path(work) / "base.tar"
        command = [
            "mmdebstrap",
            "--variant=minbase",
            f"--include={','.join(base.packages)}",
            f"--dpkgopt={folder / 'dpkg.cfg'}",
            '--customize-hook=rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"',
            *options,
            SUITE,
            str(tar),
            *([mirror] if mirror else []),
        ]
        run(
            command,
            what=f"Making {base.tag} with mmdebstrap",
            what_ja=f"mmdebstrap による {base.tag} の作成",
            env=_plain(),
        )
        run(
            ["docker", "import", "--change", f"LABEL {LABEL}={value}", tar, base.tag],
            what=f"Importing {base.tag}",
            what_ja=f"{base.tag} の取り込み",
        )


def _plain() -> dict[str, str]:
    """A plain environment for mmdebstrap, with the way out that this machine uses."""
    proxies = {name: value for name, value in os.environ.items() if name.lower() in PROXIES}
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", **proxies}


def _from_registry(base: Base, image: str, value: str, folder: Path) -> None:
    files = [(name, folder / name) for name in ("Dockerfile", "dpkg.cfg")]
    with tempfile.TemporaryFile() as tar:
        tar.write(context(files))
        tar.seek(0)
        command = ["docker", "build", "--network", "host", "--build-arg", f"BASE_IMAGE={image}"]
        command += ["--build-arg", f"PACKAGES={' '.join(base.packages)}"]
        run(
            [*command, "--label", f"{LABEL}={value}", "--tag", base.tag, "-"],
            what=f"Making {base.tag} from {image}",
            what_ja=f"{image} からの {base.tag} の作成",
            stdin=tar,
        )


def ensure(base: Base, folder: Path, image: str | None) -> tuple[str, str]:
    """Have a base image; its id and the words that say what was done."""
    value = digest([image or "", SUITE, *base.packages, folder / "Dockerfile", folder / "dpkg.cfg"])
    words = "reused"
    if label(base.tag) != value:
        if image:
            _from_registry(base, image, value, folder)
        else:
            _from_debian(base, value, folder)
        words = f"made from {image}" if image else f"made with mmdebstrap ({SUITE})"
    found = image_id(base.tag)
    if found is None:
        message = f"{base.tag} vanished while it was made"
        raise RuntimeError(message)
    return found, words
