"""What the portal shows an author of their own, unreleased bytes counts against their display budget.

A kernel can put anything into its outbox, and the portal shows the author what was handed in
so that they can confirm it: without this rule that would be a road from data to screen that
nothing limits. So the words of a draft are charged when it is announced, and a canonical file
when its author first opens it, as text or as an image, once for each content. A released file is the author's
to have and costs nothing. What does not fit is not shown, and no incident follows: a page that
was opened is no attempt; its digest, size and findings are there all the same.
"""

import hashlib

from enclave.display import Channel, DisplayRules, day_begins, grantable, is_barred, spent
from enclave.errors import ConflictError
from enclave.sentences import Sentence, say
from enclave.use_cases.meter import Asked, lease
from output_review.ports import ReviewWork
from output_review.requests import CanonicalForm, Draft, ReleaseRequest

LEASE_LENGTH = 32
SPENT = say(
    "This is more than what you may be shown for now. Wait an hour, or hand in a smaller, more aggregated file."
)


def words_fit(work: ReviewWork, rules: DisplayRules, author: str, project: str, draft: Draft) -> None:
    """The words of a draft are paid for: its author will read them in lists and on its page.

    Raises:
        ConflictError: they are more than what the author may be shown now.
    """
    words = [draft.title, draft.what_it_shows, *(name for name, _, _ in draft.files)]
    count = sum(len(word.encode("utf-8", "replace")) for word in words)
    if not _pay(work, rules, author, project, f"words:{draft.draft_id}", count):
        raise ConflictError("display_spent", SPENT)


def file_fits(
    work: ReviewWork, rules: DisplayRules, request: ReleaseRequest, form: CanonicalForm
) -> Sentence | None:
    """Nothing when the author may be shown this file now, and it is paid for; else why not."""
    release = work.releases.find(request.id)
    if release is not None and any(digest == form.sha256 for _, digest in release.files):
        return None
    channel = Channel.IMAGE if form.kind == "picture" else Channel.TEXT
    what = f"file:{request.project}:{form.sha256}"
    paid = _pay(work, rules, request.author, request.project, what, form.size, channel)
    return None if paid else SPENT


def _pay(
    work: ReviewWork,
    rules: DisplayRules,
    person: str,
    project: str,
    what: str,
    count: int,
    channel: Channel = Channel.TEXT,
) -> bool:
    lease_id = hashlib.sha256(f"portal:{person}:{what}".encode()).hexdigest()[:LEASE_LENGTH]
    known = work.displays.find_lease(person, project, lease_id)
    if known is not None:
        return known.granted >= count
    if is_barred(work.displays.open_incidents(person), work.displays.paused_until(person), work.now):
        return False
    uses = work.displays.uses(person, day_begins(work.now))
    hour, day = spent(uses, channel, work.now)
    if grantable(rules.budget(channel), hour, day, count, count) < count:
        return False
    return lease(work, rules, person, project, Asked(lease_id, channel, count, count)).count >= count
