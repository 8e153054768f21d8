"""What the register says, asked inside the transaction that acts on it."""

from enclave.errors import NotFoundError
from enclave.identity import Person
from enclave.sentences import say
from output_review.permissions import Facts
from output_review.ports import ReviewWork
from output_review.requests import ReleaseRequest

NO_REQUEST = say("There is no such request, or none that you may see.")


def facts_of(work: ReviewWork, username: str, project: str, author: str = "") -> Facts:
    """Everything the rules need about one person and one project, as it is now."""
    account = work.register.find_account(username)
    writer = work.register.find_account(author) if author else None
    permit = work.register.find_permit(project)
    return Facts(
        account=account,
        organisation=work.register.find_organisation(account.organisation) if account else None,
        permit=permit,
        author_organisation=writer.organisation if writer else "",
        now=work.now,
        contracts=work.register.contracts_of(permit.organisation) if permit else (),
    )


def request_facts(work: ReviewWork, person: Person, request: ReleaseRequest) -> Facts:
    """The same for a person who asks something about a request."""
    return facts_of(work, person.username, request.project, request.author)


def get_request(work: ReviewWork, request_id: str) -> ReleaseRequest:
    """The request.

    Raises:
        NotFoundError: none has this id.
    """
    request = work.requests.find(request_id)
    if request is None:
        raise NotFoundError("no_request", NO_REQUEST)
    return request
