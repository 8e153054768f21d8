"""A home of real files, and commands run in it by people who prove who they are."""

import io
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest

import hub.cli
from enclave.adapters.foundation import open_foundation
from enclave.people import Credential
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import propose_policies
from enclave.use_cases.sign_in import SecondFactor
from hub.database_schema import bring_up_to_date
from tests.support.catalog_house import _settings
from tests.support.people import settle

Run = Callable[..., int]


def home_of_stewards(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as ``ste`` or ``mei``, or as nobody when the name is empty."""
    for name in ("state", "keys/projects", "checkpoints", "extracts", "producer"):
        (folder / name).mkdir(parents=True)
    (folder / "keys" / "master.key").write_bytes(bytes(range(32)))
    settings = _settings(folder)
    bring_up_to_date(settings.database_url)
    house = open_foundation(settings)
    secrets = {name: pyotp.random_base32() for name in ("ste", "mei")}
    with house.database.begin() as work:
        settle(work)
        for name, secret in secrets.items():
            sealed = work.register.seal_totp(name, secret)
            work.register.put_credential(name, Credential(house.passwords.hash("pw"), sealed))
        policies = propose_policies(work, "bo", house.policies())
        adopt(work, SecondFactor("ben", work.now), policies.id, policies.digest)
    monkeypatch.setattr(hub.cli, "open_house", lambda: house)
    steps = dict.fromkeys(secrets, -1)

    def run(person: str, *words: str) -> int:
        if not person:
            return hub.cli.main(list(words))
        now = int(house.clock.now().timestamp())
        code = pyotp.TOTP(secrets[person]).at(now + 30 * steps[person])
        steps[person] += 1  # a time step is used once; one before and one after count too
        monkeypatch.setattr("sys.stdin", io.StringIO(f"pw\n{code}\n"))
        return hub.cli.main([*words, "--as", person])

    return run
