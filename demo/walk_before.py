"""Before anybody works: the source, the permit and the views in two hands, the extract.

All of it is read from the ledger, as the auditor sees it.
"""

from typing import Any

from demo.walk_company import Walk
from demo.walk_telling import Step

TWO_HANDS = ("permit.adopted", "view.adopted", "policy.adopted", "person.enrolled")


def chapter(walk: Walk) -> None:
    """Everything up to the extract."""
    with walk.telling.step("監査人がサインインする", "the auditor signs in: password, one-time code") as step:
        step.show("auditor", walk.cast.one("auditor").username)
        step.insist(walk.events(), "the auditor reads the ledger")
    with walk.telling.step("ソースの取込み", "the source was ingested") as step:
        source(walk, step)
    with walk.telling.step("許可は二人で", "permit, views, policies, people: each took two") as step:
        two_hands(walk, step)
    with walk.telling.step("抽出データの作成", "the project's extract was built") as step:
        extract(walk, step)


def source(walk: Walk, step: Step) -> None:
    """What went into the source, and that every row of the file is accounted for."""
    told = walk.cast.source
    step.show("source", told.get("kind", ""))
    step.insist(told.get("kind") in {"third-party", "generated"}, "the demo says what kind of source it used")
    events = [*walk.events(kind="source.ingested"), *walk.events(kind="source.generated")]
    step.insist(events, "the ledger tells of the source")
    for event in reversed(events):
        step.show(f"entry {event['n']} {event['kind']}", event["facts"])
    step.show("rows read", told["rows_read"])
    step.show("rows quarantined", told["rows_quarantined"])
    step.insist(int(told["rows_read"]) > 0, "rows were read")
    for event in events:
        facts = event["facts"]
        if {"rows_read", "rows_quarantined", "rows_in_file"} <= set(facts):
            whole = facts["rows_read"] + facts["rows_quarantined"] == facts["rows_in_file"]
            step.insist(whole, "rows read and rows quarantined are the rows of the file")


def two_hands(walk: Walk, step: Step) -> None:
    """Whoever adopted did not propose."""
    for kind in TWO_HANDS:
        events = [event for event in walk.events(kind=kind) if event["facts"].get("proposed_by")]
        step.insist(events, f"the ledger tells of {kind}")
        for event in events:
            step.insist(event["facts"]["proposed_by"] != event["person"], f"entry {event['n']}: two people")
        newest = events[0]
        step.show(
            kind, f"{newest['facts']['proposed_by']} → {newest['person']}  {newest['facts']['digest'][:16]}…"
        )


def extract(walk: Walk, step: Step) -> None:
    """The manifest's facts."""
    (event, *_) = walk.events(kind="extract.build_done", project=walk.cast.project) or [{}]
    step.insist(event, "the ledger tells of the extract")
    facts: dict[str, Any] = event["facts"]
    for name, value in facts.items():
        step.show(name, value)
    walk.telling.kept["extract"] = {"entry": event["n"], "facts": facts}
