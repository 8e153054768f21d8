"""Policies put in force for a test, as two people would have left them."""

import json
from dataclasses import replace

from enclave.adoptions import Proposal, ProposalKind, ProposalState
from enclave.ports import Work
from enclave.use_cases.propose import POLICIES


def adopt_policies(work: Work, digest: str) -> None:
    """The set of this digest is the one in force, and no other."""
    before = work.proposals.adopted(ProposalKind.POLICY, POLICIES)
    if before is not None:
        work.proposals.put(replace(before, state=ProposalState.REPLACED))
    payload = json.dumps({"documents": {}, "set": digest})
    one, two = "bo", "ben"
    work.proposals.add(
        Proposal(
            f"adopted-{digest[:8]}", ProposalKind.POLICY, POLICIES, digest, payload, one, work.now,
            ProposalState.ADOPTED, two, work.now,
        )
    )  # fmt: skip
