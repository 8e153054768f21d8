"""The author fetches what was released: by a link good for one hour and three attempts.

The link's token is shown once and stored as its SHA-256. An attempt is counted and recorded
before a byte is sent, and a refused attempt is recorded too, so these are kept although they
end in an error. The package is verified against its digest on the way out.
"""

from dataclasses import dataclass, replace

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import DeniedError, NotFoundError, TamperedError
from enclave.identity import Person
from enclave.sentences import Sentence, say
from output_review.permissions import may_download
from output_review.ports import FileVault, ReviewWork, ReviewWorks
from output_review.releases import LINK_ATTEMPTS, LINK_LIFETIME, Link, Release, ReleaseState, link_digest
from output_review.use_cases.standing import NO_REQUEST, get_request, request_facts

_REFUSALS = {
    "not_yours": say("This link is not yours. Make one from your own request."),
    "link_expired": say("This link has expired. Make a new one."),
    "link_used_up": say("This link was used up. Make a new one."),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A package on its way out."""

    name: str
    content: bytes
    sha256: str
    request_id: str
    leaf: int
    """The number of ``release.done``: make the receipt of this entry."""
    attempts_left: int


def make_link(work: ReviewWork, person: Person, request_id: str) -> str:
    """The token of a new link; links made before for this request stop working.

    Raises:
        DeniedError: not the author, not eligible, or not released.
    """
    request = get_request(work, request_id)
    permit = require(may_download(person, request, request_facts(work, person, request)))
    token = work.fresh.token(32).hex()
    link = Link(
        token_sha256=link_digest(token),
        request_id=request.id,
        person=permit.person.username,
        expires_at=work.now + LINK_LIFETIME,
        attempts_left=LINK_ATTEMPTS,
    )
    work.releases.drop_links(request.id)
    work.releases.put_link(link)
    work.record(
        EventDraft(
            Kind.RELEASE_LINKED,
            person=link.person,
            project=request.project,
            subject=request.id,
            facts={"link": link.token_sha256, "attempts": link.attempts_left},
        )
    )
    return token


def take_download(works: ReviewWorks, vault: FileVault, token: str, person: Person) -> Download:
    """The package, one attempt less.

    Raises:
        NotFoundError: no such link.
        DeniedError: another person's, expired, used up, or the person is not eligible any more.
    """
    with works.begin() as work:
        link, release, refusal = _count(work, token, person)
    if refusal:
        raise refusal
    content = vault.get(release.project, release.package_sha256)
    if len(content) != release.package_size:
        raise TamperedError(
            "other_package", say("The stored package is not the released one. Tell the operator.")
        )
    return Download(
        name=f"{release.request_id}.zip",
        content=content,
        sha256=release.package_sha256,
        request_id=release.request_id,
        leaf=release.leaf,
        attempts_left=link.attempts_left,
    )


def _count(work: ReviewWork, token: str, person: Person) -> tuple[Link, Release, DeniedError | None]:
    link = work.releases.find_link(link_digest(token))
    release = work.releases.find(link.request_id) if link else None
    if link is None or release is None or release.state is not ReleaseState.DONE:
        raise NotFoundError("no_link", say("There is no such link. Make a new one."))
    request = get_request(work, link.request_id)
    decision = may_download(person, request, request_facts(work, person, request))
    code = link.refusal(person.username, work.now)
    sentence: Sentence = _REFUSALS.get(code, NO_REQUEST)
    if not code and not decision.allowed:
        code, sentence = decision.refusals[0].code, decision.refusals[0].sentence
    if not code:
        link = replace(link, attempts_left=link.attempts_left - 1)
        work.releases.put_link(link)
    work.record(
        EventDraft(
            Kind.RELEASE_DOWNLOAD_REFUSED if code else Kind.RELEASE_DOWNLOADED,
            person=person.username,
            project=request.project,
            subject=request.id,
            facts={
                "link": link.token_sha256,
                "attempts_left": link.attempts_left,
                "package": release.package_sha256,
                "code": code,
            },
        )
    )
    return link, release, DeniedError(code, sentence) if code else None
