"""The gate as its own user with three capabilities: it can give folders away, and nothing more.

Run as the set-up runs it: not root, ``CAP_CHOWN``, ``CAP_FOWNER`` and ``CAP_DAC_OVERRIDE`` ambient.
"""

import os
import shutil
import subprocess
import sys

import pytest

from enclave.settings import Settings
from tests.support.hub_home import ROOT

PROGRAM = """
import os, sys
from pathlib import Path
from enclave.settings import Settings
from hub.gate_folders import make_folders, remove_run_folders
from hub.sessions_house import House, Images, Limits, Places, Users
digest = 'sha256:' + '0' * 64
house = House(Images(digest, digest, digest), Limits(), Places(sys.argv[1]), Users(hub=1, worker=2))
assert os.getuid() == 64000
wid = '0123456789ab'
make_folders(house, wid, 7)
top = Path(house.places.workspace(wid))
(top / 'rt' / 'socket').write_text('x')
make_folders(house, wid, 7)
assert not (top / 'rt' / 'socket').exists()
for name in ('web', 'b', 'rt', 'work'):
    s = (top / name).stat()
    print(name, s.st_uid, s.st_gid, oct(s.st_mode & 0o7777))
remove_run_folders(house, wid)
print(sorted(p.name for p in top.iterdir()))
"""


@pytest.mark.skipif(
    os.getuid() != 0 or shutil.which("setpriv") is None, reason="giving up root takes root and setpriv"
)
def test_folders_get_their_owners_and_modes_without_root(home: Settings) -> None:
    os.chown(home.workspaces, 64000, 64000)
    home.workspaces.chmod(0o750)
    capabilities = "+chown,+fowner,+dac_override"
    command = ["setpriv", "--reuid=64000", "--regid=64000", "--clear-groups"]
    command += [
        "--bounding-set=-all," + capabilities,
        "--inh-caps=-all," + capabilities,
        "--ambient-caps=-all," + capabilities,
    ]
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{PROGRAM}"
    done = subprocess.run(
        [*command, sys.executable, "-B", "-c", program, str(home.enclave_home)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "web 200021 200023 0o755",
        "b 200022 200023 0o755",
        "rt 0 200023 0o3770",
        "work 200022 200023 0o2770",
        "['.number', 'work']",
    ]
