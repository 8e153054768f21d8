"""The baseline: nothing is everything short of it, and each loosening is found by name."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from hub import isolation
from hub.sessions import plan_desk, plan_kernel, plan_reader, plan_recount
from tests.support.hub_plans import HOUSE, SESSION, inspected

PLANS = (
    plan_desk(HOUSE, SESSION),
    plan_kernel(HOUSE, SESSION),
    plan_reader(HOUSE, "job-1"),
    plan_recount(HOUSE, "job-1", "p-a", "v1.duckdb"),
)
Loosen = Callable[[dict[str, Any]], object]


def fall_short(document: dict[str, Any]) -> set[str]:
    return {s.where for s in isolation.shortfalls(document, HOUSE.images.all, HOUSE.places.home)}


def test_an_empty_plan_is_refused() -> None:
    assert fall_short({})
    assert fall_short({"HostConfig": {}})


def test_without_allowed_images_nothing_is_allowed() -> None:
    for plan in PLANS:
        assert isolation.shortfalls(plan.body, frozenset(), HOUSE.places.home)


@pytest.mark.parametrize("plan", PLANS, ids=lambda p: p.name)
def test_our_plans_meet_the_baseline_as_asked_and_as_reported(plan: Any) -> None:
    assert fall_short(dict(plan.body)) == set()
    report = inspected(copy.deepcopy(dict(plan.body)), plan.name)
    assert fall_short(report) == set()
    assert isolation.differences(plan.body, report) == ()


def host(key: str, value: object) -> Loosen:
    return lambda body: body["HostConfig"].__setitem__(key, value)


LOOSENINGS: dict[str, tuple[Loosen, str]] = {
    "network": (host("NetworkMode", "bridge"), "NetworkMode"),
    "host network": (host("NetworkMode", "host"), "NetworkMode"),
    "another container's network": (host("NetworkMode", "container:abc"), "NetworkMode"),
    "capabilities kept": (host("CapDrop", []), "CapDrop"),
    "capability added": (host("CapAdd", ["SYS_ADMIN"]), "CapAdd"),
    "privileged": (host("Privileged", True), "Privileged"),
    "seccomp off": (host("SecurityOpt", ["no-new-privileges", "seccomp=unconfined"]), "SecurityOpt"),
    "new privileges": (host("SecurityOpt", []), "SecurityOpt"),
    "writable root": (host("ReadonlyRootfs", False), "ReadonlyRootfs"),
    "one is not true": (host("ReadonlyRootfs", 1), "ReadonlyRootfs"),
    "processes": (host("PidsLimit", 0), "PidsLimit"),
    "no process limit": (host("PidsLimit", -1), "PidsLimit"),
    "memory": (host("Memory", 1 << 40), "Memory"),
    "swap": (host("MemorySwap", -1), "MemorySwap"),
    "ipc of the host": (host("IpcMode", "host"), "IpcMode"),
    "pids of the host": (host("PidMode", "host"), "PidMode"),
    "no init": (host("Init", None), "Init"),
    "a log": (host("LogConfig", {"Type": "json-file", "Config": {}}), "LogConfig"),
    "core dumps": (host("Ulimits", []), "Ulimits"),
    "core dumps allowed": (host("Ulimits", [{"Name": "core", "Soft": 0, "Hard": 1}]), "Ulimits"),
    "locked pages": (host("Ulimits", [{"Name": "core", "Soft": 0, "Hard": 0}]), "Ulimits"),
    "programs in the tmpfs": (host("Tmpfs", {"/tmp": "rw,nosuid,nodev,size=1"}), "Tmpfs"),
    "an unbounded tmpfs": (host("Tmpfs", {"/tmp": "rw,nosuid,nodev,noexec"}), "Tmpfs"),
    "another tmpfs": (host("Tmpfs", {"/tmp": "nosuid,nodev,size=1", "/x": ""}), "Tmpfs"),
    "a device": (host("Devices", [{"PathOnHost": "/dev/sda"}]), "Devices"),
    "a gpu": (host("DeviceRequests", [{"Count": -1}]), "DeviceRequests"),
    "bind by the old name": (host("Binds", ["/:/host"]), "Binds"),
    "unmasked proc": (host("MaskedPaths", []), "MaskedPaths"),
    "writable proc": (host("ReadonlyPaths", []), "ReadonlyPaths"),
    "restart": (host("RestartPolicy", {"Name": "always"}), "RestartPolicy"),
    "published port": (host("PortBindings", {"80/tcp": [{"HostPort": "80"}]}), "PortBindings"),
    "sysctl": (host("Sysctls", {"net.ipv4.ip_forward": "1"}), "Sysctls"),
    "cgroup parent": (host("CgroupParent", "/"), "CgroupParent"),
    "user namespace": (host("UsernsMode", "host"), "UsernsMode"),
    "a setting nobody judged": (host("BrandNewOption", {"x": 1}), "BrandNewOption"),
    "root": (lambda b: b.__setitem__("User", "0:0"), "User"),
    "the root group": (lambda b: b.__setitem__("User", "200021:0"), "User"),
    "root by default": (lambda b: b.__setitem__("User", ""), "User"),
    "another image": (lambda b: b.__setitem__("Image", "sha256:" + "0" * 64), "Image"),
    "an image by name": (lambda b: b.__setitem__("Image", "hanare/desk:local"), "Image"),
    "an entry point": (lambda b: b.__setitem__("Entrypoint", ["/bin/sh"]), "Entrypoint"),
}


@pytest.mark.parametrize("name", LOOSENINGS)
@pytest.mark.parametrize("reported", [False, True], ids=["asked", "reported"])
def test_each_loosening_is_found_by_name(name: str, reported: bool) -> None:
    loosen, where = LOOSENINGS[name]
    for plan in PLANS:
        body = copy.deepcopy(dict(plan.body))
        if name == "an entry point" or not reported:
            loosen(body)
            assert where in fall_short(body)
            continue
        loosen(body)
        assert where in fall_short(inspected(body, plan.name))


@pytest.mark.parametrize(
    ("source", "target", "read_only"),
    [
        ("/var/run", "/run/hub", False),
        ("/srv/hn/run/gate", "/run/hub", False),
        ("/srv/hn/keys", "/work", False),
        ("/srv/hn/extracts/p-a/v1.duckdb", "/data/extract.duckdb", False),
        ("/srv/hn/workspaces/0123456789ab/../../keys", "/work", False),
        ("/srv/hn/extracts/../keys/master.duckdb", "/data/extract.duckdb", True),
        ("/srv/hnx/run/hub", "/run/hub", False),
    ],
)
def test_no_other_folder_of_the_host_is_mounted(source: str, target: str, read_only: bool) -> None:
    for plan in PLANS:
        body = copy.deepcopy(dict(plan.body))
        body["HostConfig"]["Mounts"].append(
            {
                "Type": "bind",
                "Source": source,
                "Target": target,
                "ReadOnly": read_only,
                "BindOptions": {"Propagation": "rprivate"},
            }
        )
        assert target in fall_short(body)


def test_the_data_is_the_kernels_alone_and_the_hub_the_desks() -> None:
    desk, kernel, reader, recount = (copy.deepcopy(dict(p.body)) for p in PLANS)
    data = [m for m in kernel["HostConfig"]["Mounts"] if m["Target"] == "/data/extract.duckdb"]
    hub = [m for m in desk["HostConfig"]["Mounts"] if m["Target"] == "/run/hub"]
    assert data
    assert hub
    for body, mounts in ((desk, data), (reader, data), (kernel, hub), (reader, hub), (recount, hub)):
        body["HostConfig"]["Mounts"] += mounts
        assert mounts[0]["Target"] in fall_short(body)


def test_a_mount_that_nobody_asked_for_is_found_in_the_report() -> None:
    report = inspected(copy.deepcopy(dict(PLANS[0].body)))
    report["Mounts"].append(
        {"Type": "volume", "Source": "/var/lib/docker/x", "Destination": "/v", "RW": True}
    )
    assert "/v" in fall_short(report)


def test_a_network_that_was_attached_later_is_found_in_the_report() -> None:
    report = inspected(copy.deepcopy(dict(PLANS[0].body)))
    report["NetworkSettings"]["Networks"]["bridge"] = {}
    assert "NetworkSettings" in fall_short(report)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda d: d["Config"].__setitem__("User", "1:1"), "User"),
        (lambda d: d["Config"].__setitem__("Cmd", ["sh"]), "Cmd"),
        (lambda d: d["Config"]["Env"].append("JUPYTERHUB_API_URL=http://elsewhere"), "Env"),
        (lambda d: d["Config"]["Env"].append("HANARE_KEY_FD=3"), "Env"),
        (
            lambda d: d["Config"]["Env"].remove(next(e for e in d["Config"]["Env"] if e.startswith("HOME="))),
            "Env",
        ),
        (lambda d: d["Config"]["Labels"].__setitem__("hanare.workspace", "0" * 12), "Labels"),
        (lambda d: d["HostConfig"].__setitem__("PidsLimit", 129), "HostConfig.PidsLimit"),
        (lambda d: d["HostConfig"]["Mounts"].pop(), "HostConfig.Mounts"),
    ],
)
def test_a_container_that_is_not_its_plan_is_found(change: Loosen, where: str) -> None:
    plan = PLANS[0]
    report = inspected(copy.deepcopy(dict(plan.body)))
    change(report)
    assert where in isolation.differences(plan.body, report)
