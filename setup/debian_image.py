"""The base image, without any container registry.

Rules: Debian trixie, from the machine's own package source (read from its apt configuration when set-up runs, never
written here); BASE_IMAGE names a registry image to use instead; the image says in a label what it was made from, so
any clone on this machine reuses it.
"""

import os
import re
import tempfile
from pathlib import Path

from setup import packages
from setup.commands import answers, run
from setup.stamps import digest

TAG = "hanare/base:local"
LABEL = "hanare.content"
SUITE = "trixie"
INCLUDED = ("python3", "python3-venv", "python3-pip", "ca-certificates")
PROXIES = frozenset({"http_proxy", "https_proxy", "no_proxy"})
FORWARDED = re.compile(
    r'^(Acquire::(?:https?::Proxy|Check-Valid-Until|Check-Date|Retries)\b[^ ]*) "(.+)";$', re.MULTILINE
)


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


def _from_debian(value: str) -> None:
    packages.install(packages.missing(packages.IMAGES), as_root=os.geteuid() == 0)
    options = [
        f'--aptopt={name} "{said}"' for name, said in FORWARDED.findall(answers(["apt-config", "dump"]) or "")
    ]
    mirror = mirror_of(apt_sources())
    with tempfile.TemporaryDirectory(prefix="hanare-") as folder:
        tar = Path(folder) / "base.tar"
        command = [
            "mmdebstrap",
            "--variant=minbase",
            f"--include={','.join(INCLUDED)}",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            '--customize-hook=rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"',
            *options,
            SUITE,
            str(tar),
            *([mirror] if mirror else []),
        ]
        run(
            command,
            what="Making the base system with mmdebstrap",
            what_ja="mmdebstrap による基本システムの作成",
            env=_plain(),
        )
        run(
            ["docker", "import", "--change", f"LABEL {LABEL}={value}", tar, TAG],
            what="Importing the base image",
            what_ja="基本イメージの取り込み",
        )


def _plain() -> dict[str, str]:
    """A plain environment for mmdebstrap, with the way out that this machine uses."""
    proxies = {name: value for name, value in os.environ.items() if name.lower() in PROXIES}
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", **proxies}


def _from_registry(image: str, value: str, dockerfile: Path) -> None:
    with dockerfile.open("rb") as text:
        command = ["docker", "build", "--network", "host", "--build-arg", f"BASE_IMAGE={image}"]
        run(
            [*command, "--label", f"{LABEL}={value}", "--tag", TAG, "-"],
            what=f"Making the base image from {image}",
            what_ja=f"{image} からの基本イメージの作成",
            stdin=text,
        )


def ensure(dockerfile: Path, image: str | None) -> tuple[str, str]:
    """Have the base image; its id and the words that say what was done."""
    value = digest([image or "", SUITE, *INCLUDED, dockerfile])
    words = "reused"
    if label(TAG) != value:
        if image:
            _from_registry(image, value, dockerfile)
        else:
            _from_debian(value)
        words = f"made from {image}" if image else f"made with mmdebstrap ({SUITE})"
    found = image_id(TAG)
    if found is None:
        message = f"{TAG} vanished while it was made"
        raise RuntimeError(message)
    return found, words
