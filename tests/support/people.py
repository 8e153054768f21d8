"""The cast of the tests: a researcher, two checkers, a board, and those who may not."""

from datetime import date, datetime

from enclave.contracts import EVERY_PROJECT, Contract
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.ports import Work
from enclave.projects import Cohort, ProjectPermit
from tests.support.fakes import START

ENDS = date(2027, 3, 31)

BEGAN = date(2026, 1, 1)

UNIVERSITY = Organisation("daigaku", "東都大学", OrganisationKind.TYPE_TWO_USER, ENDS, "二-0001", BEGAN)
COMPANY = Organisation("seiyaku", "北都製薬", OrganisationKind.TYPE_TWO_USER, ENDS, "二-0002", BEGAN)
PRODUCER = Organisation("sakusei", "仮名加工作成機構", OrganisationKind.PRODUCER, ENDS, "作-0001", BEGAN)


def account(
    username: str,
    *roles: Role,
    organisation: str = "sakusei",
    state: AccountState = AccountState.ACTIVE,
    trained_until: date = ENDS,
    enrolled_at: datetime = START,
    re_enrolled: bool = False,
) -> Account:
    """An account that is eligible unless told otherwise."""
    return Account(
        username,
        username.title(),
        organisation,
        frozenset(roles),
        state,
        trained_until,
        enrolled_at,
        re_enrolled,
    )


MEI = account("mei", Role.RESEARCHER, organisation="daigaku")
KEN = account("ken", Role.RESEARCHER, organisation="daigaku")
AOI = account("aoi", Role.CHECKER)
RIN = account("rin", Role.CHECKER)
BO = account("bo", Role.BOARD)
BEN = account("ben", Role.BOARD)
OTA = account("ota", Role.OPERATOR)
KAN = account("kan", Role.AUDITOR)
STE = account("ste", Role.STEWARD)
CAST = (MEI, KEN, AOI, RIN, BO, BEN, OTA, KAN, STE)

PERMIT = ProjectPermit(
    project="p-diabetes",
    title="糖尿病の治療実態",
    organisation="daigaku",
    people=("mei",),
    purpose="治療実態の記述",
    datasets={"patient": ("patient_key", "sex", "birth_date"), "diagnosis": ("patient_key", "icd10")},
    cohort=Cohort(everyone=True),
    ends_on=ENDS,
    output_kinds=("table", "text"),
)


def contract_with(organisation: str, project: str = EVERY_PROJECT) -> Contract:
    """A use contract with an organisation that outlasts every test's clock."""
    return Contract(f"k-{organisation}", organisation, project, BEGAN, date(2099, 12, 31), "c" * 64)


CONTRACT = contract_with("daigaku")


def settle(work: Work) -> None:
    """Put the whole cast, their organisations, contract, permit and keys into the house."""
    for organisation in (UNIVERSITY, COMPANY, PRODUCER):
        work.register.put_organisation(organisation)
    for one in CAST:
        work.register.put_account(one)
    work.keyring.make("house", "body")
    for purpose in ("body", "vault", "data"):
        work.keyring.make(PERMIT.project, purpose)
    work.register.put_permit(PERMIT)
    work.register.put_contract(CONTRACT)
