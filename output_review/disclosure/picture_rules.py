"""What the reader counted in pictures and drawings, and what it means for persons.

1. A drawing (svg, pdf) tells the exact place of each mark. From ``figure_points`` marks of one form
   on that stand in no step (no series, no categories, no grid) it counts as a plot of single
   persons, and is REJECT: what leaves would show each of them. Fewer marks are a REVIEW.
2. In a picture (png, jpg) marks can only be made out roughly, so they are a REVIEW: people look.
3. What was read in a picture with little certainty is a REVIEW by the sign of the reader.
"""

from collections.abc import Iterator

from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.submissions import FileKind

PERSONS_PLOTTED = "FILE.persons_plotted"
SOME_POINTS = "FILE.some_points"
PICTURE_POINTS = "FILE.picture_points"
UNMEASURED = "FILE.unmeasured_picture"
FEWEST = 3
"""Marks below which nothing can be said about how they stand."""


def check_pictures(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Marks of a picture that may be persons."""
    if examined.file.kind is not FileKind.PICTURE:
        return
    facts = dict(examined.file.facts)
    if "picture_points" not in facts:
        yield Finding(
            UNMEASURED,
            Severity.REJECT,
            Place(),
            say("The picture was not measured, so it cannot leave."),
            say("Send it again in a simpler form, or ask an output checker."),
        )
    drawn = facts.get("drawn_points", 0)
    if drawn >= policy.figure_points:
        yield Finding(
            PERSONS_PLOTTED,
            Severity.REJECT,
            Place(),
            say(
                "The drawing holds {n} points at exact positions, as a plot of single persons does.", n=drawn
            ),
            say("Send a figure of groups: means, box plots without single points, binned densities."),
        )
    elif drawn >= FEWEST:
        yield Finding(
            SOME_POINTS,
            Severity.REVIEW,
            Place(),
            say(
                "The drawing holds {n} points at exact positions. If each is a person, it must not leave.",
                n=drawn,
            ),
            say("Send the table of numbers behind the figure as a csv beside it."),
        )
    if facts.get("picture_points", 0) >= policy.figure_points:
        yield Finding(
            PICTURE_POINTS,
            Severity.REVIEW,
            Place(),
            say(
                "The picture shows {n} marks of one shape lying apart. If each is a person, it must not leave.",
                n=facts["picture_points"],
            ),
            say("Send a figure of groups: means, box plots without single points, binned densities."),
        )
