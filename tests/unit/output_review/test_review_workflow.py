"""The table of moves: what cannot happen, whatever code does."""

import pytest

from enclave.actions import Action
from output_review.workflow import (
    CLOSED,
    MOVES,
    STATE_WORDS,
    Hand,
    State,
    find_move,
    moves_for,
    reachable,
    whose_hand,
)


def test_every_road_to_release_passes_checkers() -> None:
    assert State.RELEASED in reachable(MOVES)
    without = [m for m in MOVES if m.by is not Hand.CHECKERS]
    assert State.RELEASED not in reachable(without)
    assert State.APPROVED not in reachable(without)


def test_every_road_to_review_passes_the_author() -> None:
    without = [m for m in MOVES if m.by is not Hand.AUTHOR]
    assert reachable(without) == {State.DRAFT}
    without_confirming = [m for m in MOVES if m.action is not Action.CONFIRM_REQUEST]
    assert State.CHECKING not in reachable(without_confirming)


def test_every_road_to_release_passes_the_checks() -> None:
    assert State.RELEASED not in reachable(m for m in MOVES if m.source is not State.CHECKING)


def test_what_a_person_does_names_an_action() -> None:
    assert all(m.action for m in MOVES if m.by is not Hand.PLATFORM)
    assert [m.target for m in MOVES if m.by is Hand.PLATFORM and m.action] == [State.RELEASED]


def test_no_two_moves_have_the_same_ends() -> None:
    ends = [(m.source, m.target) for m in MOVES]
    assert len(ends) == len(set(ends))


def test_closed_states_are_final_and_every_state_is_used() -> None:
    assert {State.RELEASED, State.RETURNED, State.REJECTED, State.WITHDRAWN, State.REFUSED} == CLOSED
    assert reachable(MOVES) == frozenset(State)


def test_an_approved_request_cannot_be_withdrawn() -> None:
    assert moves_for(State.APPROVED, Action.WITHDRAW_REQUEST) == ()
    assert moves_for(State.IN_REVIEW, Action.WITHDRAW_REQUEST)


@pytest.mark.parametrize(
    ("state", "hand"),
    [
        (State.DRAFT, Hand.AUTHOR),
        (State.HANDED_IN, Hand.PLATFORM),
        (State.AWAITING_AUTHOR, Hand.AUTHOR),
        (State.CHECKING, Hand.PLATFORM),
        (State.IN_REVIEW, Hand.CHECKERS),
        (State.APPROVED, Hand.PLATFORM),
        (State.RELEASED, Hand.NOBODY),
    ],
)
def test_whose_turn_it_is(state: State, hand: Hand) -> None:
    assert whose_hand(state) is hand


def test_there_is_no_move_out_of_the_table() -> None:
    assert find_move(State.DRAFT, State.RELEASED) is None
    assert find_move(State.IN_REVIEW, State.RELEASED) is None


def test_every_state_has_words() -> None:
    assert set(STATE_WORDS) == set(State)
