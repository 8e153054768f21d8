"""What a session consists of: two containers, their folders, and nothing left to choose.

A plan is a pure function of who (person, project), which number the workspace has, which
extract it gets and the desk's token. The hub plans in order to ask, the docker gate plans
again from the labels of what it was asked and compares the whole body: what differs in one
byte is not started. Reader containers are planned the same way from the job's id.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enclave.identity import check_project_id
from hub import isolation
from hub.sessions_house import (
    House,
    Limit,
    Limits,
    Places,
    check_form,
    check_job,
    check_workspace_id,
    socket_url,
    workspace_id,
)

DESK_COMMAND = (
    "/opt/desk/bin/jupyterhub-singleuser",
    "--ServerApp.sock=/run/web/s.sock",
    "--ServerApp.sock_mode=0666",
)
KERNEL_COMMAND = ("/opt/analysis/bin/python", "-m", "hanare_broker")
READER_COMMAND = ("/opt/reader/bin/python", "-m", "hanare_reader", "/in/upload", "/out")
RECOUNT_COMMAND = (
    "/opt/reader/bin/python",
    "-m",
    "hanare_reader.recount",
    "/in",
    "/data/extract.duckdb",
    "/out",
)

_TOKEN = re.compile(r"[0-9A-Za-z_-]{20,128}")
_EXTRACT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\.duckdb")


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a workspace's plan depends on."""

    person: str
    project: str
    number: int
    extract: str | None
    """File name of the extract below ``extracts/<project>``."""
    token: str

    @property
    def wid(self) -> str:
        return workspace_id(self.person, self.project)


@dataclass(frozen=True, slots=True)
class ContainerPlan:
    """A container's name and the exact body of the request that creates it."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """A folder of a workspace: where, whose, which mode, and whether a new start empties it."""

    path: str
    uid: int
    gid: int
    mode: int
    kept: bool = False


def plan_folders(house: House, wid: str, number: int) -> tuple[FolderPlan, ...]:
    """The folders of a workspace, in the order in which they are made."""
    desk, kernel, group = house.users.of_workspace(number)
    top = house.places.workspace(wid)
    sticky_owner = house.users.shared[0] if house.users.shared else 0
    return (
        FolderPlan(f"{top}/web", desk, group, 0o755),
        FolderPlan(f"{top}/b", kernel, group, 0o755),
        FolderPlan(f"{top}/rt", sticky_owner, group, 0o3770),
        FolderPlan(f"{top}/work", kernel, group, 0o2770, kept=True),
    )


def plan_desk(house: House, session: Session) -> ContainerPlan:
    """The desk: speaks HTTP, holds the token, sees no data."""
    wid, places = session.wid, house.places
    desk, _, group = house.users.of_workspace(session.number)
    places.web_socket(wid)
    top = places.workspace(wid)
    mounts = (
        _mount(f"{top}/web", "/run/web"),
        _mount(f"{top}/b", "/run/k/b"),
        _mount(f"{top}/rt", "/run/k/rt"),
        _mount(f"{top}/work", "/work"),
        _mount(f"{places.home}/run/hub", "/run/hub"),
        _mount(places.intake_socket(wid).removesuffix("/intake.sock"), "/run/intake"),
    )
    body = _body(
        image=house.images.desk,
        user=(desk, group),
        command=DESK_COMMAND,
        environment=desk_environment(session, house.limits, secure=house.secure),
        labels=_labels("desk", session, places),
        limit=house.limits.desk,
        mounts=mounts,
        apparmor=house.apparmor,
        temporary="rw,noexec,nosuid,nodev,size=67108864,mode=1777",
    )
    return ContainerPlan(places.desk(wid), body)


def plan_kernel(house: House, session: Session) -> ContainerPlan:
    """The kernel: runs what the researcher wrote, sees the extract, holds no token."""
    wid, places = session.wid, house.places
    desk, kernel, group = house.users.of_workspace(session.number)
    places.broker_socket(wid)
    top = places.workspace(wid)
    mounts = [
        _mount(f"{top}/b", "/run/k/b"),
        _mount(f"{top}/rt", "/run/k/rt"),
        _mount(f"{top}/work", "/work"),
    ]
    if session.extract is not None:
        name = check_form(_EXTRACT, session.extract, "bad_extract")
        mounts.append(
            _mount(f"{places.home}/extracts/{session.project}/{name}", "/data/extract.duckdb", read_only=True)
        )
    environment = {"DESK_UID": str(desk), "HUB_UID": str(house.users.hub), "HOME": "/tmp"}  # noqa: S108
    body = _body(
        image=house.images.kernel,
        user=(kernel, group),
        command=KERNEL_COMMAND,
        environment=environment,
        labels=_labels("kernel", session, places),
        limit=house.limits.kernel,
        mounts=tuple(mounts),
        apparmor=house.apparmor,
        temporary="rw,noexec,nosuid,nodev,size=268435456,mode=1777",
    )
    return ContainerPlan(places.kernel(wid), body)


def plan_reader(house: House, job: str) -> ContainerPlan:
    """A reader: one upload in, canonical bytes and JSON out, nothing else in the world."""
    top = f"{house.places.home}/readers/{check_job(job)}"
    body = _body(
        image=house.images.reader,
        user=house.users.of_reader(),
        command=READER_COMMAND,
        environment={"HOME": "/tmp"},  # noqa: S108
        labels={"hanare.home": house.places.home_id, "hanare.kind": "reader", "hanare.reader": job},
        limit=house.limits.reader,
        mounts=(_mount(f"{top}/in", "/in", read_only=True), _mount(f"{top}/out", "/out")),
        apparmor=house.apparmor,
        temporary="rw,noexec,nosuid,nodev,size=67108864,mode=1777",
        folder="/out",
    )
    return ContainerPlan(house.places.reader(job), body)


def plan_recount(house: House, job: str, project: str, extract: str) -> ContainerPlan:
    """A reader that counts again: checked queries in, the project's extract read-only, numbers out."""
    top = f"{house.places.home}/readers/{check_job(job)}"
    name = check_form(_EXTRACT, extract, "bad_extract")
    body = _body(
        image=house.images.reader,
        user=house.users.of_reader(),
        command=RECOUNT_COMMAND,
        environment={"HOME": "/tmp"},  # noqa: S108
        labels={
            "hanare.home": house.places.home_id,
            "hanare.kind": "recount",
            "hanare.reader": job,
            "hanare.project": check_project_id(project),
            "hanare.extract": name,
        },
        limit=house.limits.reader,
        mounts=(
            _mount(f"{top}/in", "/in", read_only=True),
            _mount(f"{top}/out", "/out"),
            _mount(f"{house.places.home}/extracts/{project}/{name}", "/data/extract.duckdb", read_only=True),
        ),
        apparmor=house.apparmor,
        temporary="rw,noexec,nosuid,nodev,size=67108864,mode=1777",
        folder="/out",
    )
    return ContainerPlan(house.places.reader(job), body)


def desk_environment(session: Session, limits: Limits, *, secure: bool = False) -> dict[str, str]:
    """What the desk's server knows: addresses in the container, its name, its token, its limits."""
    person, project = session.person, session.project
    own = json.dumps([f"access:servers!server={person}/{project}", f"access:servers!user={person}"])
    api = f"{socket_url('/run/hub/hub.sock')}/hub/api"
    prefix = f"/user/{person}/{project}/"
    return {
        "JUPYTERHUB_API_TOKEN": check_form(_TOKEN, session.token, "bad_token"),
        "JUPYTERHUB_API_URL": api,
        "JUPYTERHUB_ACTIVITY_URL": f"{api}/users/{person}/activity",
        "JUPYTERHUB_SERVICE_URL": socket_url("/run/web/s.sock"),
        "JUPYTERHUB_SERVICE_PREFIX": prefix,
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_HOST": "",
        "JUPYTERHUB_PUBLIC_URL": "",
        "JUPYTERHUB_PUBLIC_HUB_URL": "",
        "JUPYTERHUB_USER": person,
        "JUPYTERHUB_SERVER_NAME": project,
        "JUPYTERHUB_CLIENT_ID": oauth_client_id(session.wid),
        "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{prefix}oauth_callback",
        "JUPYTERHUB_OAUTH_SCOPES": own,
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": own,
        "JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES": "[]",
        "JUPYTERHUB_COOKIE_OPTIONS": json.dumps({"samesite": "Lax", "secure": secure}),
        "JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED": "0",
        "JUPYTERHUB_ROOT_DIR": "/work",
        "JUPYTERHUB_DEFAULT_URL": "/lab",
        "JUPYTERHUB_DISABLE_USER_CONFIG": "1",
        "HANARE_INTAKE_SOCKET": "/run/intake/intake.sock",
        "HANARE_CULL_SECONDS": str(int(limits.cull_after.total_seconds())),
        "HANARE_INCOMING_BYTES": str(limits.incoming),
        "HOME": "/tmp",  # noqa: S108  a path in the container
    }


def oauth_client_id(wid: str) -> str:
    """The desk's client id. JupyterHub's own joins user and server with a hyphen: mei-a/b is mei/a-b."""
    return f"jupyterhub-user-{check_workspace_id(wid)}"


def _labels(kind: str, session: Session, places: Places) -> dict[str, str]:
    return {
        "hanare.home": places.home_id,
        "hanare.kind": kind,
        "hanare.workspace": session.wid,
        "hanare.number": str(session.number),
        "hanare.person": session.person,
        "hanare.project": session.project,
        "hanare.extract": session.extract or "",
    }


def _mount(source: str, target: str, *, read_only: bool = False) -> dict[str, Any]:
    return {
        "Type": "bind",
        "Source": source,
        "Target": target,
        "ReadOnly": read_only,
        "BindOptions": {"Propagation": "rprivate"},
    }


def _body(
    *,
    image: str,
    user: tuple[int, int],
    command: tuple[str, ...],
    environment: Mapping[str, str],
    labels: Mapping[str, str],
    limit: Limit,
    mounts: tuple[dict[str, Any], ...],
    temporary: str,
    apparmor: bool,
    folder: str = "/work",
) -> dict[str, Any]:
    return {
        "Image": image,
        "User": f"{user[0]}:{user[1]}",
        "Cmd": list(command),
        "Env": sorted(f"{name}={value}" for name, value in environment.items()),
        "Labels": dict(labels),
        "WorkingDir": folder,
        "Hostname": labels["hanare.kind"],
        "HostConfig": {
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "SecurityOpt": isolation.security_options(apparmor=apparmor),
            "ReadonlyRootfs": True,
            "PidsLimit": limit.processes,
            "Memory": limit.memory,
            "MemorySwap": limit.memory,
            "IpcMode": "private",
            "Init": True,
            "LogConfig": {"Type": "none", "Config": {}},
            "Ulimits": isolation.ulimits(),
            "Tmpfs": {"/tmp": temporary},  # noqa: S108
            "Mounts": list(mounts),
        },
    }
