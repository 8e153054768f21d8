"""The reader for ``enclave check``: a container for each file, on this machine's own engine.

A command that somebody types has no gate and needs no home, but it reads files that somebody else
made, so they are read where every upload is read: in a container of the reader's image, made from
the same plan as the worker's, over a folder that is gone afterwards. Without an engine, or without
the image, there is no reader; then nothing is read that needs one.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import requests
from docker.errors import DockerException

from enclave.settings import Settings
from hub.host_facts import read_host
from hub.places import ROOT, surroundings
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places
from hub.workspaces_house import find_users
from output_review.adapters.reader_containers import ContainerReader
from output_review.ports import Reader

ENGINE = "http+unix:///var/run/docker.sock"
IMAGE = "hanare/reader:local"
"""What the set-up calls the reader's image; a home names it by its digest."""


@contextmanager
def local_reader() -> Iterator[Reader | None]:
    """A reader while the block runs; None when this machine cannot have one."""
    image = find_image()
    if image is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="hanare-check-") as folder:
        (Path(folder) / "readers").mkdir()
        house = House(
            Images(image, image, image),
            Limits(),
            Places(folder),
            find_users(os.getuid(), os.getgid()),
            apparmor=read_host().apparmor is True,
        )

        def plan(job: str) -> tuple[str, Mapping[str, Any]]:
            planned = plan_reader(house, job)
            return planned.name, dict(planned.body)

        yield ContainerReader(ENGINE, Path(folder) / "readers", plan, image)


def find_image() -> str | None:
    """The digest of the reader's image, if the engine answers and has it."""
    settings = Settings.from_environment(surroundings(os.environ), ROOT)
    try:
        named = json.loads(settings.images_file.read_text(encoding="utf-8")).get("reader")
    except (OSError, ValueError, AttributeError):
        named = None
    try:
        client = docker.APIClient(base_url=ENGINE, version="auto", timeout=10)
    except (DockerException, requests.RequestException, OSError):
        return None
    try:
        return next(filter(None, (_digest(client, name) for name in (named, IMAGE))), None)
    finally:
        client.close()


def _digest(client: docker.APIClient, name: object) -> str | None:
    """The digest of an image that the engine has."""
    if not isinstance(name, str):
        return None
    try:
        return str(client.inspect_image(name)["Id"])  # type: ignore[no-untyped-call]
    except (DockerException, requests.RequestException):
        return None
