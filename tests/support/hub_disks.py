"""A hub whose workspaces have small disks, so that one can be filled."""

import re

from tests.support.adopted import adopt_policies
from tests.support.disks import SMALL
from tests.support.hub_running import RunningHub


def small_disks(hub: RunningHub) -> None:
    """Before a hub starts: its policy, adopted, gives every workspace a small disk."""
    file = hub.settings.policies / "sessions.yaml"
    text = file.read_text(encoding="utf-8")
    for name, value in (("mebibytes", SMALL.mebibytes), ("inodes", SMALL.inodes)):
        text, changed = re.subn(rf"(\n  {name}: {{value: )\d+", rf"\g<1>{value}", text)
        assert changed == 1
    file.write_text(text, encoding="utf-8")
    with hub.foundation.database.begin() as work:
        adopt_policies(work, hub.foundation.policies().digest)
