"""No sequence of calls at any door lets a result leave without two people.

Doors are enumerated from the product: the portal's routes, every workspace's intake, every
subcommand, the worker. Hypothesis draws who knocks where, with what, in which order; some
draws are helped on their way (a story's next step), so that releases really happen and the
property is not true for want of any.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute, APIRouter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from hub.cli import parser
from hub.portal import ROUTES as PORTAL_ROUTES
from output_review.intake import ROUTES as INTAKE_ROUTES
from output_review.intake import intake_app
from tests.support.commands import COMMANDS, leaves
from tests.support.every_route import PEOPLE, Doors, Knock, desk_of, released_by_two

HELPED = {
    "hand in": (
        "intake POST /drafts",
        "intake PUT /drafts/{draft_id}/files/{index:int}",
        "intake POST /drafts/{draft_id}/complete",
    ),
    "confirm": ("worker", "portal POST /requests/{request_id}/confirm", "worker"),
    "review": ("portal GET /reviews/{request_id}", "portal POST /reviews/{request_id}"),
    "fetch": ("worker", "portal POST /releases/{request_id}/link", "portal GET /download/{token}"),
}
numbers = st.tuples(*[st.integers(0, 255)] * 4)
single = st.builds(
    lambda d, p, c: [Knock(d, p, c)], st.sampled_from(Doors.names()), st.sampled_from(PEOPLE), numbers
)
story = st.builds(
    lambda part, p: [Knock(door, p, (0, 1, 1, 1)) for door in HELPED[part]],
    st.sampled_from(sorted(HELPED)),
    st.sampled_from((*PEOPLE, "mei", "mei", "mei", "aoi", "rin", "aoi", "rin")),
)
walks = st.lists(story | story | single, max_size=24).map(lambda parts: [k for part in parts for k in part])


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="doors-"))


def real_routes(router: APIRouter) -> Iterator[APIRoute]:
    """Every route that answers, through routers that were included; anything else is an error."""
    for one in router.routes:
        if isinstance(one, APIRoute):
            yield one
        else:
            yield from real_routes(one.original_router)  # type: ignore[attr-defined]


def test_the_census_of_the_portal_is_its_routes(tmp_path: Path) -> None:
    doors = Doors(tmp_path)
    found = list(real_routes(doors.house.app.router))
    real = {(method, route.path) for route in found for method in (route.methods or set()) - {"HEAD"}}
    assert len(real) == len(found)
    assert real == {(route.method, route.path) for route in PORTAL_ROUTES}
    doors.close()


def test_the_census_of_intake_is_its_routes(tmp_path: Path) -> None:
    doors = Doors(tmp_path)
    routes = intake_app(doors.intake, desk_of("mei")).routes
    real = {(m, r.path) for r in routes for m in r.methods - {"HEAD"}}  # type: ignore[attr-defined]
    assert real == {(method, path) for method, path, _ in INTAKE_ROUTES}
    doors.close()


def test_the_census_of_commands_is_the_parser() -> None:
    assert set(leaves(parser())) == set(COMMANDS)


@pytest.mark.slow
@given(walks)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_leaves_without_two_eligible_people(folder: Path, walk: list[Knock]) -> None:
    place = Path(tempfile.mkdtemp(dir=folder))
    doors = Doors(place)
    try:
        for knock in walk:
            doors.knock(knock)
            assert list(released_by_two(doors)) == []
    finally:
        doors.close()
        shutil.rmtree(place)


def run(doors: Doors, *steps: tuple[str, str]) -> None:
    for part, person in steps:
        for door in HELPED[part]:
            doors.knock(Knock(door, person, (0, 1, 1, 1)))


def test_the_walk_with_two_people_does_release(tmp_path: Path) -> None:
    doors = Doors(tmp_path)
    run(doors, ("hand in", "mei"), ("confirm", "mei"), ("review", "aoi"), ("review", "rin"), ("fetch", "mei"))
    assert len(doors.released()) == 1
    assert list(released_by_two(doors)) == []
    doors.close()


@pytest.mark.slow
@pytest.mark.parametrize("second", [person for person in PEOPLE if person != "rin"])
def test_the_same_walk_with_anyone_else_as_the_second_does_not(tmp_path: Path, second: str) -> None:
    doors = Doors(tmp_path)
    run(
        doors, ("hand in", "mei"), ("confirm", "mei"), ("review", "aoi"), ("review", second), ("fetch", "mei")
    )
    assert doors.released() == []
    doors.close()


@pytest.mark.slow
def test_one_operator_with_every_door_gets_nothing_out(tmp_path: Path) -> None:
    doors = Doors(tmp_path)
    run(doors, ("hand in", "mei"), ("confirm", "mei"), ("review", "aoi"))
    for round_ in range(3):
        for door in doors.names():
            if door != "operator suspends":
                doors.knock(Knock(door, "ota", (round_, 1 + round_, 1, 1)))
    assert doors.released() == []
    kinds = {leaf["kind"] for leaf in doors.house.events()}
    assert "release.done" not in kinds
    assert json.dumps(sorted(kinds))
    doors.close()


def test_the_judge_sees_a_release_that_one_person_made(tmp_path: Path) -> None:
    doors = Doors(tmp_path)
    run(doors, ("hand in", "mei"), ("confirm", "mei"), ("review", "aoi"), ("review", "rin"), ("fetch", "mei"))
    with doors.house.works.begin() as work:
        reviews = work.reviews.of(doors.released()[0])
        work.reviews.make_void(reviews[0].id, "forged")
        work.inner.connection.execute(text("DELETE FROM review WHERE id = :id"), {"id": reviews[0].id})
    assert list(released_by_two(doors)) != []
    doors.close()
