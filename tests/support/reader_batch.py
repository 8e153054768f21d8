"""Many files in one reader's container, each in a process of its own, by the code of the worker's readers.

Starting a container for each of thousands would measure the engine. What the container is given beside
the plan (its environment, its user, its processors) can be changed, to see that nothing depends on it.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docker

from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.reader_containers import collect
from output_review.ports import ReaderAnswer

OTHER = "sha256:" + "0" * 64
BATCH_READER = """
import os, signal, sys, time
from pathlib import Path
from hanare_reader import __main__ as reader
from hanare_reader.formats import all_formats
all_formats()
for job in sorted(Path("/in").iterdir()):
    out = Path("/out") / job.name
    out.mkdir()
    child = os.fork()
    if child == 0:
        devnull = os.open("/dev/null", os.O_WRONLY)
        os.dup2(devnull, 1); os.dup2(devnull, 2)
        os._exit(reader.main([str(job / "upload"), str(out)]))
    _, status = os.waitpid(child, 0)
    (out / "status").write_text(str(status))
"""


def a_house(home: Path) -> House:
    """A house with a place for readers and the reader's image."""
    (home / "readers").mkdir()
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    image = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    own, apparmor = Users(hub=1, worker=2), read_host().apparmor is True
    return House(Images(OTHER, OTHER, image), Limits(), Places(str(home)), own, apparmor=apparmor)


def read_batch(
    house: House,
    files: list[tuple[str, bytes]],
    *,
    before: str = "",
    changed: Mapping[str, Any] | None = None,
    of_host: Mapping[str, Any] | None = None,
) -> Iterator[tuple[int, ReaderAnswer]]:
    """For each file the status of the process that read it, and what it left.

    ``before`` runs first; ``changed`` and ``of_host`` replace parts of the plan.
    """
    place = Path(house.places.home) / "readers" / "batch"
    shutil.rmtree(place, ignore_errors=True)
    (place / "out").mkdir(parents=True)
    (place / "out").chmod(0o777)
    for number, (name, content) in enumerate(files):
        folder = place / "in" / f"{number:05d}"
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(content)
        (folder / "job.json").write_text(json.dumps({"name": name}), encoding="utf-8")
    made = plan_reader(house, "batch")
    body: dict[str, Any] = {**made.body, **(changed or {})}
    body["Cmd"] = ["/opt/reader/bin/python", "-c", before + BATCH_READER]
    body["HostConfig"] = {**body["HostConfig"], **(of_host or {})}
    client = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        created = client.create_container_from_config(body, made.name)["Id"]  # type: ignore[no-untyped-call]
        client.start(created)
        assert client.wait(created, timeout=600)["StatusCode"] == 0
    finally:
        subprocess.run(("docker", "rm", "-f", made.name), check=False, capture_output=True)
        client.close()
    for number in range(len(files)):
        out = place / "out" / f"{number:05d}"
        yield int((out / "status").read_text()), collect(out)
    shutil.rmtree(place)
