"""The producer's two officers in tests: their accounts, passphrases, and a box that opens quickly."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from catalog.adapters.opened_files import OpenedFiles
from catalog.officers_box import Stretching
from catalog.use_cases.officers import Both
from enclave.identity import Role
from enclave.ports import Work
from enclave.use_cases.sign_in import SecondFactor
from tests.support.people import account

QUICK = Stretching(memory_kib=8, passes=1, lanes=1)
EMI, JUN = account("emi", Role.OFFICER), account("jun", Role.OFFICER)
OFFICERS = (EMI, JUN)
PASSPHRASES = {"emi": "emi: 夕焼けの坂道を三人で下る", "jun": "jun: 雨上がりの庭に飛び石が光る"}
WHY = "a test of what the officers opened"


class OpenedAnywhere(OpenedFiles):
    """What is opened lies below a test's folder, which is on a disk; no process waits beside it."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder, home, lambda _path, _end: None)

    def _check_memory(self) -> None:
        pass


def settle_officers(work: Work) -> None:
    """Put their accounts into the house."""
    for one in OFFICERS:
        work.register.put_account(one)


def both_at(now: datetime, passphrases: Mapping[str, str] = PASSPHRASES) -> Both:
    """Both officers, with what each of them typed."""
    first, second = sorted(passphrases)
    return Both(SecondFactor(first, now), SecondFactor(second, now), passphrases)
