"""Putting a view forward for a project: compiled, tried, within the permit, and then proposed.

What the second person adopts is the digest over SQL, labels, profile and the tables it reads. A project
without an adopted permit has nothing to stay within, so its views cannot be proposed.
"""

from catalog.extracts import check_view
from catalog.ports import ViewTrial
from catalog.schema.columns import Schema, schema_digest
from catalog.views.files import ViewFile
from catalog.views.reads import schema_read_by
from enclave.adoptions import Proposal, ProposalKind
from enclave.errors import ConflictError
from enclave.ports import Works
from enclave.sentences import say
from enclave.use_cases.propose import propose


def propose_view(
    works: Works, trial: ViewTrial, schema: Schema, username: str, project: str, view: ViewFile
) -> Proposal:
    """The proposal of this view for this project; the same view again gives the open one.

    Raises:
        DeniedError, ConflictError, InvalidInputError: why it cannot be proposed.
    """
    with works.begin() as work:
        permit = work.register.find_permit(project)
    if permit is None:
        raise ConflictError("no_permit", say("No permit for this project was adopted."))
    # Outside a transaction: nobody waits for the ledger while a view is tried.
    trial.types_of(check_view(view, permit, schema))
    with works.begin() as work:
        if work.register.find_permit(project) != permit:
            raise ConflictError(
                "permit_changed", say("The permit changed meanwhile. Propose the view again.")
            )
        document = view.document(schema_digest(schema_read_by(view.text, schema)))
        return propose(work, username, ProposalKind.VIEW, f"{project}/{view.table}", document)
