"""Wheels for the images, downloaded once in a container of the base image.

Rules: the only container that has a network, and it runs nothing but pip's download of locked, hashed wheels; the
machine's own pip configuration and certificates are shown to it read-only when there are any; what it downloads is
kept in var/wheels under the lock's digest.
"""

import configparser
import os
import re
import shutil
from pathlib import Path

from setup.commands import run
from setup.stamps import digest

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CONFIGURATIONS = (Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf")
PASSED_ON = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
CERTIFICATE_VARIABLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
OWN_PATHS = frozenset({"PIP_CERT", "PIP_CONFIG_FILE", "PIP_CACHE_DIR", "PIP_TARGET", "PIP_PREFIX"})
LOCAL_PATH = re.compile(r"(?:file://|(?<=[\s='\"]))(/[^\s'\"]+)")


def wanted(requirements: Path) -> bool:
    """Whether the lock names any package at all."""
    return "==" in requirements.read_text(encoding="utf-8")


def folder(cache: Path, name: str, requirements: Path, base: str) -> Path:
    return cache / f"{name}-{digest([requirements, base])[:12]}"


def shown_paths(texts: list[str]) -> list[Path]:
    """Local folders that pip's configuration names as package sources; an index's files lie beside its pages."""
    found = {Path(match) for text in texts for match in LOCAL_PATH.findall(text)}
    return sorted({path.parent if path.name == "simple" else path for path in found if path.is_dir()})


def pip_options(environment: dict[str, str]) -> list[str]:
    """Docker options that give pip in the container what pip on this machine has."""
    options: list[str] = []
    given = [environment[name] for name in CERTIFICATE_VARIABLES if environment.get(name)]
    bundle = next((Path(name) for name in [*given, str(CERTIFICATES)] if Path(name).is_file()), None)
    if bundle:
        options += [
            "--volume",
            f"{bundle.resolve()}:/run/hanare-ca.pem:ro",
            "--env",
            "PIP_CERT=/run/hanare-ca.pem",
        ]
    files = [path for path in CONFIGURATIONS if path.is_file()]
    texts = [path.read_text(encoding="utf-8") for path in files]
    for name, value in sorted(environment.items()):
        if name in PASSED_ON or (name.startswith("PIP_") and name not in OWN_PATHS):
            options += ["--env", name]
            texts.append(f"={value}")
    for path in shown_paths(texts):
        options += ["--volume", f"{path}:{path}:ro"]
    if files:
        options += ["--env", "PIP_CONFIG_FILE=/wheels/.pip.conf"]
    return options


def merged_configuration() -> str:
    """The machine's pip configuration files as one, without paths that mean nothing inside the container."""
    sections: dict[str, dict[str, str]] = {}
    for path in CONFIGURATIONS:
        if path.is_file():
            _merge(path.read_text(encoding="utf-8"), sections)
    rows: list[str] = []
    for section, values in sections.items():
        rows.append(f"[{section}]")
        rows.extend(
            f"{key} = {value}"
            for key, value in values.items()
            if key not in {"cert", "client-cert", "cache-dir"}
        )
    return "\n".join(rows) + "\n" if rows else ""


def _merge(text: str, sections: dict[str, dict[str, str]]) -> None:
    """Read one configuration file over those read before."""
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    for section in parser.sections():
        sections.setdefault(section, {}).update(parser.items(section))


def ensure(cache: Path, name: str, requirements: Path, base: str) -> tuple[Path, bool]:
    """Have the wheels of one lock; the folder, and whether they were downloaded now."""
    target = folder(cache, name, requirements, base)
    if target.is_dir():
        return target, False
    part = target.with_suffix(".part")
    part.mkdir(parents=True, exist_ok=True)
    if wanted(requirements):
        _download(part, requirements, base)
    for old in cache.glob(f"{name}-*"):
        if old not in {part, target}:
            shutil.rmtree(old)
    part.rename(target)
    return target, True


def _download(part: Path, requirements: Path, base: str) -> None:
    settings = part / ".pip.conf"
    settings.write_text(merged_configuration(), encoding="utf-8")
    pip = [
        "python3",
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-cache-dir",
    ]
    volumes = [
        "--volume",
        f"{part.absolute()}:/wheels",
        "--volume",
        f"{requirements.absolute()}:/requirements.txt:ro",
    ]
    locked = [
        "--only-binary",
        ":all:",
        "--require-hashes",
        "--no-deps",
        "--dest",
        "/wheels",
        "-r",
        "/requirements.txt",
    ]
    network = ["--network", "host", *pip_options(dict(os.environ))]
    run(
        ["docker", "run", "--rm", "--init", *network, *volumes, base, *pip, *locked],
        what="Downloading the wheels of an image",
        what_ja="イメージ用パッケージのダウンロード",
    )
    settings.unlink()
