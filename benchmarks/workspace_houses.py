"""Houses that the workspace benchmarks measure: the product's own processes over a home of their own.

``ungated_desk`` is the same house with one thing taken away: its desk uses Jupyter's stock
websocket class, so nothing is recorded, filtered or metered. It exists as an image derived for
the measurement and in no other place. ``fill_extract`` puts a real encrypted extract in place.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import duckdb

from catalog.adapters.duckdb_setup import literal, load_openssl
from enclave.adapters.passwords import new_totp_secret
from enclave.identity import Role
from enclave.people import Account, AccountState, Credential
from enclave.projects import Cohort, ProjectPermit
from tests.support.handed_over import put_extract, record_build
from tests.support.hub_running import PASSWORD, RunningHub, running_hub

PROJECT = "p-a"
UNGATED = "hanare-bench/desk-ungated:local"
_UNGATE = """FROM hanare/desk:local
USER 0:0
RUN sed -i '/kernel_websocket_connection_class/d' /etc/jupyter/jupyter_server_config.py
USER 65534:65534
"""
_TABLE = """
CREATE TABLE extract.lab AS
SELECT n % 1000 AS patient, n % 43 AS item, (n * 31 % 1000) / 10.0 AS value FROM range(1000000) r(n)
"""


@contextmanager
def house(desk: str | None = None, *, extract: bool = False) -> Iterator[RunningHub]:
    """A running house; ``desk`` is the id of another desk image than the product's."""

    def change(hub: RunningHub) -> None:
        if desk is not None:
            images = hub.settings.images_file
            images.write_text(json.dumps({**json.loads(images.read_text()), "desk": desk}))
        if extract:
            hand_over(hub)

    with running_hub(change) as hub:
        yield hub


def ungated_desk() -> str:
    """The id of the desk image without recording, filters and meter."""
    words = ["docker", "build", "--network", "none", "--quiet", "--tag", UNGATED, "-"]
    done = subprocess.run(words, input=_UNGATE, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def hand_over(hub: RunningHub) -> None:
    """A second version of the project's extract: a million rows, encrypted under the project's own key."""
    key = hub.foundation.keyring.make(PROJECT, "data").hex()
    file = hub.settings.enclave_home / "made.duckdb"
    with duckdb.connect() as connection:
        load_openssl(connection)
        connection.execute(
            f"ATTACH {literal(str(file))} AS extract (ENCRYPTION_KEY {literal(key)}, ENCRYPTION_CIPHER 'GCM')"
        )
        connection.execute(_TABLE)
        connection.execute("DETACH extract")
    content = file.read_bytes()
    file.unlink()
    put_extract(hub.settings.extracts, PROJECT, "v2", content)
    with hub.foundation.database.begin() as work:
        record_build(work, PROJECT, "v2", content)


def add_people(hub: RunningHub, names: list[str]) -> None:
    """More researchers of the same organisation, named on the project's permit."""
    far, enrolled = date(2099, 12, 31), datetime(2026, 1, 1, tzinfo=UTC)
    secrets = dict(hub.secrets)
    hashed = hub.foundation.passwords.hash(PASSWORD)
    with hub.foundation.database.begin() as work:
        for name in names:
            secrets[name] = new_totp_secret(hub.foundation.fresh)
            role = frozenset({Role.RESEARCHER})
            work.register.put_account(Account(name, name, "univ", role, AccountState.ACTIVE, far, enrolled))
            sealed = work.register.seal_totp(name, secrets[name])
            work.register.put_credential(name, Credential(hashed, sealed))
        before = work.register.find_permit(PROJECT)
        people = (*(before.people if before else ()), *names)
        work.register.put_permit(
            ProjectPermit(
                PROJECT,
                "題",
                "univ",
                people,
                "測定",
                {"person": ("sex",)},
                Cohort(everyone=True),
                far,
                ("table",),
            )
        )
    hub.secrets = secrets
