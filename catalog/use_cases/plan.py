"""What the next extract of a project would be made of: everything that was adopted, as of now.

Shared by whoever assesses an extract's risk before it is built and by the build itself, so that
what was assessed is what is built. The policies on the disk must be the adopted ones.
"""

from catalog.extracts import ExtractPlan, permit_digest, plan_views
from catalog.policy import TransformRules
from catalog.schema.columns import Schema, schema_digest
from catalog.views.transforms_needs import Scrubbed
from enclave.adoptions import ProposalKind
from enclave.errors import ConflictError
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.propose import adopted_policy


def plan_extract(
    work: Work,
    source_version: str,
    project: str,
    version: str,
    policy_digest: str,
    schema: Schema,
    transforms: TransformRules,
    *,
    everywhere: bool = True,
) -> ExtractPlan:
    """The plan of a project's extract under this version.

    Raises:
        ConflictError: no permit, the project ended, or policies or views were not adopted.
        InvalidInputError: an adopted view would be refused today.
    """
    permit = work.register.find_permit(project)
    if permit is None:
        raise ConflictError("no_permit", say("No permit for this project was adopted."))
    if permit.ends_on < work.now.date():
        raise ConflictError("project_ended", say("This project has ended."))
    if not policy_digest or adopted_policy(work) != policy_digest:
        raise ConflictError(
            "policy_not_adopted",
            say("The policies as they lie on the disk were not adopted by two people. Propose them first."),
        )
    adopted = work.proposals.adopted_under(ProposalKind.VIEW, f"{project}/")
    plan = ExtractPlan(
        project=project,
        version=version,
        views=plan_views(permit, adopted, schema),
        cohort=permit.cohort,
        permit_digest=permit_digest(permit),
        policy_digest=policy_digest,
        schema_digest=schema_digest(schema),
        source_version=source_version,
        planned_at=work.now,
        transforms=transforms,
        everywhere=everywhere,
    )
    if not transforms.scrub and any(isinstance(need, Scrubbed) for need in plan.needs):
        raise ConflictError(
            "scrub_not_allowed",
            say("The policy of this house does not let free text leave through scrub(text)."),
        )
    return plan
