"""The desk's settings files say what the code relies on."""

import json
import os
import runpy
from pathlib import Path
from typing import Any

import pytest

from images.analysis.desk.hanare_desk import _jupyter_server_extension_points
from images.analysis.desk.hanare_desk.sentences import SENTENCES

DESK = Path(__file__).parents[3] / "images" / "analysis" / "desk"


class Settings:
    """Stands in for the configuration object: any section, any name."""

    def __init__(self) -> None:
        object.__setattr__(self, "sections", {})

    def __getattr__(self, name: str) -> Any:
        sections: dict[str, Settings] = object.__getattribute__(self, "sections")
        return sections.setdefault(name, Settings())


def read_settings() -> Any:
    settings = Settings()
    mask = os.umask(0o022)
    try:
        runpy.run_path(str(DESK / "etc" / "jupyter_server_config.py"), {"get_config": lambda: settings})
        assert os.umask(0o022) == 0o007, "what the desk saves must be writable for the kernel's group"
    finally:
        os.umask(mask)
    return settings


def test_the_classes_that_stand_in_the_way_are_named() -> None:
    server = read_settings().ServerApp
    assert server.authorizer_class == "hanare_desk.authorizer.DeskAuthorizer"
    assert server.contents_manager_class == "hanare_desk.contents.DeskContents"
    assert server.kernel_websocket_connection_class == "hanare_desk.websocket.RecordedWebsocket"
    assert server.kernel_spec_manager_class == "hanare_desk.kernels.DeskKernelSpecManager"
    assert server.jpserver_extensions["hanare_desk"] is True
    assert server.jpserver_extensions["jupyter_server_terminals"] is False
    assert server.terminals_enabled is False
    assert server.kernel_manager_class == "hanare_desk.kernels.DeskKernels"


def test_files_and_kernels_are_locked() -> None:
    settings = read_settings()
    assert settings.ContentsManager.files_handler_class is None
    assert settings.AsyncMappingKernelManager.kernel_manager_class == "hanare_desk.kernels.DeskKernelManager"
    assert settings.KernelProvisionerFactory.default_provisioner_name == "desk"
    assert settings.KernelManager.transport == "ipc"
    assert settings.KernelSpecManager.allowed_kernelspecs == {"python3", "ir"}
    assert settings.LabApp.lock_all_plugins is True
    assert settings.HubOAuth.cache_max_age <= 15


def test_idle_kernels_are_ended_when_the_plan_says(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = read_settings().MappingKernelManager
    assert (manager.cull_idle_timeout, manager.cull_busy, manager.cull_connected) == (3600, False, True)
    monkeypatch.setenv("HANARE_CULL_SECONDS", "8")
    manager = read_settings().MappingKernelManager
    assert (manager.cull_idle_timeout, manager.cull_interval) == (8, 2)


def test_the_page_may_neither_download_nor_open_windows() -> None:
    policy = read_settings().ServerApp.tornado_settings["headers"]["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert "allow-downloads" not in rules["sandbox"]
    assert "allow-popups" not in rules["sandbox"]


def test_what_is_disabled_is_locked() -> None:
    page = json.loads((DESK / "etc" / "labconfig" / "page_config.json").read_text(encoding="utf-8"))
    assert page["disabledExtensions"] == page["lockedExtensions"]
    assert "@jupyterlab/filebrowser-extension:download" in page["lockedExtensions"]


def test_every_kernel_is_the_brokers() -> None:
    found = sorted(path.parent.name for path in (DESK / "kernels").rglob("kernel.json"))
    assert set(found) == read_settings().KernelSpecManager.allowed_kernelspecs
    for name in found:
        spec = json.loads((DESK / "kernels" / name / "kernel.json").read_text(encoding="utf-8"))
        assert spec["argv"] == ["-"]
        assert spec["metadata"]["kernel_provisioner"] == {"provisioner_name": "desk"}


def test_the_extension_names_its_module() -> None:
    assert _jupyter_server_extension_points() == [{"module": "hanare_desk.extension"}]


def test_every_sentence_has_both_languages() -> None:
    for code, one in SENTENCES.items():
        assert one.code == code
        assert one.ja.strip(), code
        assert one.en.strip(), code
        assert one.en.isascii(), code
