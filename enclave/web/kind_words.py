"""Each kind of event in people's words. A kind without words here is shown by its code."""

from enclave.audit.kinds import Kind
from enclave.sentences import Sentence, say

WORDS: dict[Kind, Sentence] = {
    Kind.HOME_FOUNDED: say("The house was founded"),
    Kind.PERSON_SIGNED_IN: say("Signed in"),
    Kind.PERSON_REFUSED: say("Sign-in or code refused"),
    Kind.PERSON_ENROLLED: say("Person enrolled"),
    Kind.PERSON_SUSPENDED: say("Person suspended"),
    Kind.PROPOSAL_MADE: say("Proposal made"),
    Kind.PROPOSAL_ADOPTED: say("Proposal adopted"),
    Kind.PROPOSAL_REFUSED: say("Proposal refused"),
    Kind.PERMIT_ADOPTED: say("Permit adopted"),
    Kind.VIEW_ADOPTED: say("View adopted"),
    Kind.POLICY_ADOPTED: say("Policy adopted"),
    Kind.SOURCE_INGESTED: say("Source ingested"),
    Kind.SOURCE_GENERATED: say("Source generated"),
    Kind.EXTRACT_INTENDED: say("Extract build began"),
    Kind.EXTRACT_DONE: say("Extract built"),
    Kind.EXTRACT_UNDONE: say("Extract build undone"),
    Kind.KEY_MADE: say("Key made"),
    Kind.KEY_USED: say("Key used"),
    Kind.KEY_DESTROYED: say("Key destroyed"),
    Kind.WORKSPACE_INTENDED: say("Workspace start began"),
    Kind.WORKSPACE_STARTED: say("Workspace started"),
    Kind.WORKSPACE_UNDONE: say("Workspace start undone"),
    Kind.WORKSPACE_STOPPED: say("Workspace stopped"),
    Kind.WORKSPACE_REFUSED: say("Workspace refused"),
    Kind.CELL_REQUESTED: say("Cell asked to run"),
    Kind.CELL_OUTCOME: say("Cell ended"),
    Kind.OUTPUT_SHOWN: say("Output shown"),
    Kind.REQUEST_HANDED_IN: say("Request handed in"),
    Kind.REQUEST_READ: say("Canonical bytes made"),
    Kind.REQUEST_REFUSED: say("Request refused by the platform"),
    Kind.REQUEST_CONFIRMED: say("Request confirmed by its author"),
    Kind.REQUEST_CHECKED: say("Checks ran"),
    Kind.REQUEST_RETURNED: say("Request returned"),
    Kind.REQUEST_WITHDRAWN: say("Request withdrawn"),
    Kind.REVIEW_OPENED: say("File opened by a checker"),
    Kind.REVIEW_VOTED: say("Vote cast"),
    Kind.REVIEW_COMPLETED: say("Review completed"),
    Kind.REVIEW_REFUSED: say("Review made void"),
    Kind.REQUEST_APPROVED: say("Request approved by two"),
    Kind.REQUEST_REJECTED: say("Request rejected"),
    Kind.RELEASE_INTENDED: say("Release began"),
    Kind.RELEASE_DONE: say("Released"),
    Kind.RELEASE_UNDONE: say("Release undone"),
    Kind.RELEASE_LINKED: say("Download link made"),
    Kind.RELEASE_DOWNLOADED: say("Downloaded"),
    Kind.RELEASE_DOWNLOAD_REFUSED: say("Download refused"),
    Kind.LEDGER_READ: say("Ledger read"),
    Kind.LEDGER_EXPORTED: say("Ledger exported"),
}


def words_of(kind: str) -> Sentence:
    """The words of a kind, or its code."""
    try:
        return WORDS[Kind(kind)]
    except (ValueError, KeyError):
        return Sentence("{kind}", {"kind": kind})
