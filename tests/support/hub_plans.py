"""A house and a session to plan with, for tests that need no files and no Docker."""

from dataclasses import replace
from typing import Any

from hub.sessions import Session
from hub.sessions_house import House, Images, Limits, Places, Users

TOKEN = "0123456789abcdef0123456789abcdef"
HOUSE = House(
    images=Images("sha256:" + "d" * 64, "sha256:" + "e" * 64, "sha256:" + "f" * 64),
    limits=Limits(),
    places=Places("/srv/hn"),
    users=Users(hub=901, worker=902, sweeper=903),
    policy_digest="a" * 64,
)
SESSION = Session("mei", "p-a", 7, "v1.duckdb", TOKEN)
SHARED = replace(HOUSE, users=Users(hub=1000, worker=1000, shared=(1000, 1000)))


BY_ENGINE: dict[str, Any] = {
    "Binds": None,
    "PortBindings": None,
    "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    "Privileged": False,
    "CapAdd": None,
    "Devices": [],
    "ShmSize": 67108864,
    "Runtime": "runc",
    "ConsoleSize": [0, 0],
    "CgroupnsMode": "host",
    "MaskedPaths": [
        "/proc/asound",
        "/proc/acpi",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/sys/firmware",
    ],
    "ReadonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
}
"""What the engine fills in by itself."""


def inspected(body: dict[str, Any], name: str = HOUSE.places.desk("0123456789ab")) -> dict[str, Any]:
    """What Docker reports of a container made from a body, defaults filled in as the engine does."""
    host = {**BY_ENGINE, **body["HostConfig"]}
    host["Mounts"] = [{k: v for k, v in m.items() if v is not False} for m in host["Mounts"]]
    return {
        "Id": "a" * 64,
        "Name": f"/{name}",
        "Image": body["Image"],
        "State": {"Running": True},
        "AppArmorProfile": "docker-default",
        "HostConfig": host,
        "Mounts": [
            {"Type": "bind", "Source": m["Source"], "Destination": m["Target"], "RW": not m.get("ReadOnly")}
            for m in body["HostConfig"]["Mounts"]
        ],
        "Config": {
            "User": body["User"],
            "Cmd": body["Cmd"],
            "Env": [*body["Env"], "PATH=/usr/bin:/bin"],
            "WorkingDir": body["WorkingDir"],
            "Hostname": body["Hostname"],
            "Image": body["Image"],
            "Entrypoint": None,
            "Volumes": None,
            "Labels": {"hanare.content": "abc", **body["Labels"]},
        },
        "NetworkSettings": {"Networks": {"none": {}}},
    }
