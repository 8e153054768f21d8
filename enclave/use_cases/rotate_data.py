"""Changing a project's data key: an operator and a board member together, on the record.

From then on the project has a newer key, and the next build encrypts under it. What the older key
opens stays until that build is done: workspaces start on it as before. After the build it is gone,
and the older key with it (``catalog.use_cases.build``).
"""

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.data_keys import data_keys, following
from enclave.errors import ConflictError
from enclave.identity import Role
from enclave.ports import Works
from enclave.sentences import say
from enclave.use_cases.rotate_master import require_one_of_two
from enclave.use_cases.sign_in import SecondFactor


def rotate_data(works: Works, operator: SecondFactor, board: SecondFactor, project: str) -> str:
    """The project has a newer data key; its name.

    Raises:
        DeniedError: not an operator and a member of the board.
        ConflictError: the project never had a data key, or it was destroyed.
    """
    with works.begin() as work:
        require_one_of_two(work, operator, Role.OPERATOR, board, project)
        require_one_of_two(work, board, Role.BOARD, operator, project)
        names = data_keys(work.keyring.purposes(project))
        if not names:
            raise ConflictError(
                "no_data_key",
                say("This project's data key does not exist or was destroyed. There is nothing to change."),
            )
        name = following(names[-1])
        work.keyring.make(project, name)
        facts: dict[str, Value] = {"purpose": name, "with": board.username}
        work.record(EventDraft(Kind.KEY_MADE, operator.username, project, facts=facts))
    return name
