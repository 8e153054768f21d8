"""Operating system packages: what is missing, and nothing else.

Rules: a package is asked for only when what it provides is not there; the package list is refreshed once, only then;
without root nothing is installed and one sentence says what to install.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from setup.commands import answers, run
from setup.console import SetupError

SPLIT_OFF = frozenset({"docker-cli"})
"""Packages of newer releases alone; where the package source has none, another package of ours brings the same."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Need:
    """One package and the test that tells whether the machine has what it provides."""

    package: str
    present: Callable[[], bool]


def _command(*names: str) -> Callable[[], bool]:
    path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
    return lambda: any(shutil.which(name, path=path) for name in names)


def _file(path: str) -> Callable[[], bool]:
    return Path(path).exists


def _apparmor_is_served() -> bool:
    """The kernel enforces AppArmor: then Docker needs its parser."""
    enabled = Path("/sys/module/apparmor/parameters/enabled")
    return (
        not (enabled.exists() and enabled.read_text(encoding="ascii").startswith("Y"))
        or _command("apparmor_parser")()
    )


def _venv_is_there() -> bool:
    return any(Path("/usr/lib").glob("python3.*/ensurepip/__init__.py"))


def _japanese_font_is_there() -> bool:
    return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))


def _postgres_is_there() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _atomics_are_there() -> bool:
    return any(Path("/usr/lib").glob("*/libatomic.so.1"))


ENVIRONMENT = (
    Need("python3-venv", _venv_is_there),
    Need("ca-certificates", _file("/etc/ssl/certs/ca-certificates.crt")),
)
ENGINE = (
    Need("docker.io", _command("dockerd")),
    Need("docker-cli", _command("docker")),
    Need("iptables", _command("iptables")),
    Need("apparmor", _apparmor_is_served),
    Need("e2fsprogs", _command("mkfs.ext4")),
)
IMAGES = (
    Need("mmdebstrap", _command("mmdebstrap")),
    Need("debian-archive-keyring", _file("/usr/share/keyrings/debian-archive-keyring.gpg")),
)
TESTING = (
    Need("chromium", _command(*BROWSERS)),
    Need("fonts-noto-cjk", _japanese_font_is_there),
    Need("postgresql", _postgres_is_there),
    Need("libatomic1", _atomics_are_there),  # the browser driver's own node is linked to it
)


def missing(needs: tuple[Need, ...]) -> list[str]:
    return [need.package for need in needs if not need.present()]


def _known(packages: list[str]) -> list[str]:
    """Without what only other releases have; asked again when the package list is fresh."""
    return [p for p in packages if p not in SPLIT_OFF or answers(["apt-cache", "show", p]) is not None]


def install(packages: list[str], *, as_root: bool) -> None:
    """Install the packages with the machine's own package source, or say which ones are missing."""
    if not packages:
        return
    names = " ".join(_known(packages))
    if not as_root or not _command("apt-get")():
        raise SetupError(
            f"Please install these packages first, or run as root on Debian or Ubuntu: {names}",
            f"先に次のパッケージをインストールするか、Debian / Ubuntu で root として実行してください: {names}",
        )
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(
        ["apt-get", "update", "-q"],
        what="Refreshing the package list",
        what_ja="パッケージ一覧の更新",
        env=env,
    )
    run(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *_known(packages)],
        what=f"Installing {names}",
        what_ja=f"{names} のインストール",
        env=env,
    )
