"""What the host lacks is named, refused or excepted by name, and never overlooked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enclave.adapters.policy_files import load_policies
from enclave.errors import InvalidInputError
from hub import isolation
from hub.gate_judge import Deed, Peer, judge
from hub.host_baseline import (
    EXCEPTABLE,
    WEIGHT,
    EngineFacts,
    HostFacts,
    Part,
    State,
    Weight,
    excepted_here,
    findings,
    lacking,
    missing,
    open_holes,
    parse_exceptions,
)
from hub.host_facts import read_engine, read_host
from hub.sessions import plan_desk, plan_kernel, plan_reader
from tests.support.hub_plans import HOUSE, SESSION, inspected

ROOT = Path(__file__).resolve().parents[3]
WHOLE = HostFacts(
    apparmor=True,
    ptrace_scope=1,
    seccomp=True,
    memory_limit=True,
    pids_limit=True,
    core_pattern="core",
    fscrypt=True,
    swap_devices=0,
    bpf_disabled=2,
    user_namespaces=0,
    keyring=True,
    synchronised=True,
)
ENGINE = EngineFacts("26.1.0", "overlay2", apparmor=True, seccomp=True)
LOSSES: dict[Part, dict[str, Any]] = {
    Part.APPARMOR: {"apparmor": False},
    Part.YAMA: {"ptrace_scope": 0},
    Part.SECCOMP: {"seccomp": False},
    Part.MEMORY_LIMIT: {"memory_limit": False},
    Part.PIDS_LIMIT: {"pids_limit": False},
    Part.CORE_PATTERN: {"core_pattern": "|/usr/lib/collector %p"},
    Part.FSCRYPT: {"fscrypt": False},
    Part.SWAP: {"swap_devices": 1},
    Part.BPF: {"bpf_disabled": 0},
    Part.USER_NAMESPACES: {"user_namespaces": 1000},
    Part.KEYRING: {"keyring": False},
    Part.CLOCK: {"synchronised": False},
}


def excepting(*parts: Part) -> Any:
    return parse_exceptions({"exceptions": {part.value: {"reason": "r", "source": "s"} for part in parts}})


def test_a_machine_that_says_nothing_lacks_everything() -> None:
    assert lacking(HostFacts()) == set(Part) - {Part.ENGINE, Part.STORAGE}
    assert len(missing(HostFacts(), {})) == 5


def test_a_whole_machine_lacks_nothing() -> None:
    assert missing(WHOLE, {}) == ()
    assert {f.state for f in findings(WHOLE, {}, ENGINE)} == {State.GREEN}


def test_the_shipped_policies_except_nothing() -> None:
    assert parse_exceptions(load_policies(ROOT / "policies").documents["exceptions"]) == {}
    assert parse_exceptions(None) == {}


@pytest.mark.parametrize("part", LOSSES)
@pytest.mark.parametrize("unseen", [False, True])
def test_each_part_is_missed_by_name(part: Part, unseen: bool) -> None:
    (name,) = LOSSES[part]
    facts = replace(WHOLE, **({name: None} if unseen else LOSSES[part]))
    assert lacking(facts) == {part}
    assert missing(facts, {}) == ((part.value,) if WEIGHT[part] is Weight.REQUIRED else ())
    (told,) = [f for f in findings(facts, {}, ENGINE) if f.name == part.value]
    assert told.state is (State.ADVISED if WEIGHT[part] is Weight.ADVISED else State.RED)
    assert told.remedy is not None


@pytest.mark.parametrize("part", sorted(EXCEPTABLE))
def test_an_exception_lets_it_be_and_is_shown(part: Part) -> None:
    facts = replace(WHOLE, **LOSSES[part])
    assert missing(facts, excepting(part)) == ()
    (told,) = [f for f in findings(facts, excepting(part), ENGINE) if f.name == part.value]
    assert told.state is State.EXCEPTED
    assert "(s)" in told.seen.en


@pytest.mark.parametrize("part", sorted(EXCEPTABLE))
def test_an_exception_that_is_not_needed_is_red(part: Part) -> None:
    (told,) = [f for f in findings(WHOLE, excepting(part), ENGINE) if f.name == part.value]
    assert told.state is State.RED


def test_where_the_engine_does_not_use_what_the_kernel_has_an_exception_is_needed() -> None:
    deaf = replace(ENGINE, apparmor=False)
    states = {f.name: f.state for f in findings(WHOLE, {}, deaf)}
    assert states["apparmor"] is State.RED
    states = {f.name: f.state for f in findings(WHOLE, excepting(Part.APPARMOR), deaf)}
    assert states["apparmor"] is State.EXCEPTED


@pytest.mark.parametrize(
    "document",
    [
        {"exceptions": ["apparmor"]},
        {"exceptions": {"seccomp": {"reason": "r", "source": "s"}}},
        {"exceptions": {"memory_limit": {"reason": "r", "source": "s"}}},
        {"exceptions": {"unheard_of": {"reason": "r", "source": "s"}}},
        {"exceptions": {"apparmor": None}},
        {"exceptions": {"apparmor": {"reason": "r"}}},
        {"exceptions": {"apparmor": {"reason": "", "source": "s"}}},
        {"exceptions": {"apparmor": {"reason": "r", "source": "s", "until": "x"}}},
        {"exceptions": {"apparmor": {"reason": True, "source": "s"}}},
    ],
)
def test_what_is_no_exception_is_refused_whole(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        parse_exceptions(document)


def test_what_a_demo_needs_is_what_is_lacking_and_may_be_excepted() -> None:
    assert excepted_here(WHOLE) == ()
    assert excepted_here(replace(WHOLE, apparmor=False, seccomp=False)) == (Part.APPARMOR,)


@pytest.mark.parametrize(
    ("version", "named"),
    [
        ("20.10.24+dfsg1", True),
        ("23.0.10", True),
        ("23.0.11", False),
        ("24.0.9", True),
        ("25.0.4", True),
        ("25.0.5-ce", False),
        ("26.0.0", False),
        ("28.2.2", False),
        ("", True),
        ("?", True),
    ],
)
def test_a_hole_of_the_engine_is_named(version: str, named: bool) -> None:
    assert (open_holes(version) == ("CVE-2024-29018",)) is named


def test_containers_run_under_apparmor_unless_it_is_excepted() -> None:
    without = replace(HOUSE, apparmor=False)
    for plan_of in (plan_desk, plan_kernel):
        assert "apparmor=docker-default" in plan_of(HOUSE, SESSION).body["HostConfig"]["SecurityOpt"]
        assert "apparmor" not in str(plan_of(without, SESSION).body["HostConfig"]["SecurityOpt"])
    assert "apparmor=docker-default" in plan_reader(HOUSE, "j").body["HostConfig"]["SecurityOpt"]


@pytest.mark.parametrize("profile", ["", "unconfined", "another", None])
def test_a_container_that_is_not_under_the_profile_falls_short(profile: str | None) -> None:
    report = inspected(dict(plan_kernel(HOUSE, SESSION).body))
    assert isolation.shortfalls(report, HOUSE.images.all, HOUSE.places.home) == ()
    report["AppArmorProfile"] = profile
    short = isolation.shortfalls(report, HOUSE.images.all, HOUSE.places.home)
    assert [s.where for s in short] == ["AppArmorProfile"]


def test_hub_and_gate_must_see_the_same_exceptions() -> None:
    plan = plan_kernel(replace(HOUSE, apparmor=False), SESSION)
    asked = json.dumps(plan.body).encode()

    def deed(house: Any) -> Deed:
        return judge(
            frozenset({Peer.HUB}), "POST", "/containers/create", f"name={plan.name}", asked, house
        ).deed

    assert deed(HOUSE) is Deed.REFUSE
    assert deed(replace(HOUSE, apparmor=False)) is Deed.CREATE


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_facts_are_read_from_files_and_what_is_not_there_was_not_seen(tmp_path: Path) -> None:
    assert lacking(read_host(tmp_path)) == lacking(HostFacts())
    v2 = {
        "sys/module/apparmor/parameters/enabled": "Y\n",
        "proc/sys/kernel/yama/ptrace_scope": "2\n",
        "proc/sys/kernel/seccomp/actions_avail": "kill_process errno allow\n",
        "sys/fs/cgroup/cgroup.controllers": "cpu memory pids\n",
        "proc/sys/kernel/core_pattern": "core.%p\n",
        "sys/fs/ext4/features/encryption": "supported\n",
        "proc/swaps": "Filename Type Size Used Priority\n",
        "proc/sys/kernel/unprivileged_bpf_disabled": "1\n",
        "proc/sys/user/max_user_namespaces": "0\n",
        "proc/keys": "",
    }
    assert lacking(read_host(machine(tmp_path, v2))) == {Part.CLOCK}
    (tmp_path / "sys/fs/cgroup/cgroup.controllers").write_text("cpu\n")
    assert {Part.MEMORY_LIMIT, Part.PIDS_LIMIT} <= lacking(read_host(tmp_path))
    (tmp_path / "sys/fs/cgroup/cgroup.controllers").unlink()
    table = "#subsys_name hierarchy num_cgroups enabled\nmemory 5 100 1\npids 3 100 0\n"
    machine(tmp_path, {"proc/cgroups": table, "sys/fs/cgroup/memory/cgroup.procs": ""})
    assert lacking(read_host(tmp_path)) == {Part.PIDS_LIMIT, Part.CLOCK}


def test_an_engine_that_cannot_be_asked_says_nothing() -> None:
    assert read_engine(None) is None
    told = {
        "ServerVersion": "26.0.0",
        "Driver": "overlay2",
        "SecurityOptions": ["name=seccomp,profile=builtin"],
    }
    assert read_engine(told) == EngineFacts("26.0.0", "overlay2", apparmor=False, seccomp=True)
