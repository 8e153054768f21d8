"""Registering a source that is not ours: every column classified, then every row in the source.

The source's own transaction comes first and is keyed by the digest of the file and of what is
said of it; the ledger's event carries the same digest as its id. Killed in between, the command
run again adds nothing to the source and records what was not recorded yet.
"""

from collections.abc import Mapping

from catalog.ports import SourceRegister
from catalog.registration import LineOf, Problem, read_classes
from catalog.sources import Taken
from catalog.use_cases.may import may_as_steward
from enclave.actions import Action
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.ports import Works


def register_source(
    works: Works,
    register: SourceRegister,
    username: str,
    document: object,
    line_of: LineOf,
    *,
    replace: bool = False,
) -> Taken | tuple[Problem, ...]:
    """What registering the file added, or everything that is wrong with its classes.

    Raises:
        DeniedError: not a steward. ConflictError: registered already. InvalidInputError: see the port.
    """
    with works.begin() as work:
        require(may_as_steward(work, username, Action.INGEST_SOURCE, "registered"))
        at = work.now
    content = register.digest()
    name = str(document.get("name") or "") if isinstance(document, Mapping) else ""
    found, names = register.look(name)
    registration, problems = read_classes(document, line_of, found, names)
    if registration is None:
        return problems
    taken = register.take(content, registration, at, replace=replace)
    with works.begin() as work:
        work.record(
            EventDraft(
                Kind.SOURCE_REGISTERED,
                person=username,
                subject=registration.name,
                facts={
                    "digest": taken.file.digest,
                    "content": content,
                    "columns": {
                        one.table.name: {c.name: c.column_class.value for c in one.table.columns}
                        for one in registration.tables
                    },
                    "added": dict(sorted(taken.added.items())),
                },
                body={"file": taken.file.name},
                event_id=f"source:{taken.file.digest}",
            )
        )
    return taken
