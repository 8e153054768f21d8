"""``enclave people suspend`` over a real house: it returns when the person's workspace is gone."""

import re
import subprocess
import sys
from dataclasses import replace

from enclave.identity import Role
from tests.support.hub_home import ROOT
from tests.support.hub_running import PASSWORD, RunningHub


def test_suspending_ends_a_live_workspace_and_says_in_how_many_seconds(hub: RunningHub) -> None:
    mei = hub.person("mei")
    mei.enter("p-a")
    mei.until_ready("p-a")
    kernel = mei.kernel("p-a")
    assert kernel.run("1 + 1") == ("ok", "2")
    with hub.foundation.database.begin() as work:
        account = work.register.find_account("rin")
        assert account is not None
        work.register.put_account(replace(account, roles=frozenset({Role.OPERATOR})))
    words = ["people", "suspend", "mei", "--reason", "調査が済むまで停止する", "--as", "rin"]
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", *words],
        cwd=ROOT,
        env=hub.environment,
        input=f"{PASSWORD}\n{hub.code('rin')}\n",
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.search(r"running: (\d)\. All are ended, after (\d+\.\d) seconds", done.stdout)
    assert told, done.stdout
    assert float(told[2]) < 5, done.stdout
    assert hub.events("workspace.stopped")[-1]["facts"]["code"] == "suspended"
    assert "jupyter-config-data" not in mei.lab("p-a").text
    shown = subprocess.run(
        [sys.executable, "-m", "hub.cli", "people", "show", "mei"],
        cwd=ROOT,
        env=hub.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "調査が済むまで停止する" in shown.stdout
