"""A person at a kernel of a running house, with an extract that is really one.

The extract is made as the producer's build makes it (encrypted, with the project's own data key)
and handed over as a new version before anything starts. Cells go through the desk's websocket.
"""

import base64
import json
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from tests.support.attack_scene import Place, printed
from tests.support.attack_wire import Heard, Wire
from tests.support.handed_over import put_extract, record_build
from tests.support.hub_running import RunningHub

PROJECT = "p-a"
ROWS = """
CREATE TABLE person AS
SELECT 'p' || i AS person_key, CASE WHEN i % 2 = 0 THEN '男' ELSE '女' END AS sex, (40 + i * 13 % 45)::INTEGER AS age,
       (1 + i * 37 % 900)::BIGINT AS days, i % 3 = 0 AS died, DATE '2020-01-01' + (i % 400)::INTEGER AS day,
       CASE WHEN i % 5 = 0 THEN NULL ELSE i * 7 % 101 / 10.0 END::DOUBLE AS lab
FROM range(300) AS t(i);
COMMENT ON TABLE person IS '患者';
"""


def hand_over(hub: RunningHub) -> None:
    """Give the project a second version of its extract, a real one."""
    key = hub.foundation.keyring.find(PROJECT, "data")
    assert key is not None
    path = hub.settings.enclave_home / "made.duckdb"
    extension = (
        Path(str(files("duckdb_extension_httpfs")))
        / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
    )
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{extension}'")
        connection.execute(f"ATTACH '{path}' AS made (ENCRYPTION_KEY '{key.hex()}', ENCRYPTION_CIPHER 'GCM')")
        connection.execute(f"USE made; {ROWS}")
        connection.execute("USE memory; DETACH made")
    content = path.read_bytes()
    path.unlink()
    put_extract(hub.settings.extracts, PROJECT, "v2", content)
    with hub.foundation.database.begin() as work:
        record_build(work, PROJECT, "v2", content)


@dataclass
class Seat:
    """One person at one kernel."""

    place: Place
    kernel_id: str
    wire: Wire

    @classmethod
    def at(cls, place: Place, name: str) -> "Seat":
        kernel_id = place.new_kernel(name)
        return cls(place, kernel_id, place.wire(kernel_id))

    def run(self, code: str, seconds: float = 90) -> str:
        """What a cell printed; it must not fail."""
        heard = self.wire.execute(code, seconds)
        assert self.status(heard) == "ok", printed(heard)
        return printed(heard)

    def fails(self, code: str, seconds: float = 60) -> str:
        """What a cell that must fail said."""
        heard = self.wire.execute(code, seconds)
        assert self.status(heard) == "error", printed(heard)
        return printed(heard)

    def figures(self, code: str) -> tuple[list[bytes], str]:
        """The pictures of a cell, and what it printed beside them."""
        heard = self.wire.execute(code, 90)
        assert self.status(heard) == "ok", printed(heard)
        shown = [h.content["data"] for h in heard if h.kind in {"display_data", "execute_result"}]
        return [base64.b64decode(data["image/png"]) for data in shown if "image/png" in data], printed(heard)

    def status(self, heard: list[Heard]) -> str:
        return next((str(h.content["status"]) for h in heard if h.kind == "execute_reply"), "no reply")

    def interrupted(self, code: str) -> tuple[str, float]:
        """Run something long and interrupt it; the reply's status and the seconds it took to stop."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        own = self.wire.send(
            "shell", "execute_request", {**content, "allow_stdin": False, "stop_on_error": True}
        )
        self.wire.until(lambda h: h.kind == "execute_input", 30)
        time.sleep(1)
        begun = time.monotonic()
        assert self.place.ask("POST", f"/api/kernels/{self.kernel_id}/interrupt").status_code == 204
        heard = self.wire.until(lambda h: h.kind == "execute_reply" and h.parent.get("msg_id") == own, 30)
        return self.status(heard), time.monotonic() - begun

    def restart(self) -> None:
        assert self.place.ask("POST", f"/api/kernels/{self.kernel_id}/restart", seconds=60).status_code == 200
        self.wire.close()
        self.wire = self.place.wire(self.kernel_id)

    def completions(self, code: str) -> list[str]:
        asked = {"code": code, "cursor_pos": len(code)}
        heard = self.wire.ask("shell", "complete_request", asked, "complete_reply")
        reply = next(h for h in heard if h.kind == "complete_reply")
        matches: list[str] = json.loads(json.dumps(reply.content["matches"]))
        return matches

    def leave(self) -> None:
        self.wire.close()
        self.place.end_kernel(self.kernel_id)
