"""Exact bounds by flows, for equations that form a network.

1. Equations form a network when every variable stands in at most two of them and signs can be chosen
   so that it enters one and leaves the other: then a variable is an arc, an equation a node, and a
   variable of one equation an arc to a node that stands for everything else. Such a matrix is totally
   unimodular, so bounds over whole numbers and over fractions are the same.
2. One flow within the bounds is found. The largest value of an arc is its flow and as much as can be
   sent back from its head to its tail on other arcs; the smallest likewise (maximum flow, shortest
   augmenting paths).

Source: Ahuja, Magnanti and Orlin, "Network Flows" (1993), chapters 6 and 7; Gusfield, "A graph
theoretic approach to statistical data security", SIAM Journal on Computing 17 (1988).
"""

from collections import deque
from collections.abc import Sequence

from output_review.disclosure.intervals_system import UNBOUNDED, Component, ContradictionError

Arcs = tuple[tuple[int, int], ...]
"""Tail and head of each variable."""


def as_network(component: Component) -> Arcs | None:
    """The variables as arcs between the equations, or None where the equations form no network."""
    places: list[list[tuple[int, int]]] = [[] for _ in component.variables]
    for number, row in enumerate(component.rows):
        for variable, sign in row.items():
            places[variable].append((number, sign))
    if any(len(places_of) > 2 for places_of in places):
        return None
    neighbours: list[list[tuple[int, int]]] = [[] for _ in component.rows]
    for places_of in places:
        if len(places_of) == 2:
            (one, sign_one), (two, sign_two) = places_of
            neighbours[one].append((two, -sign_one * sign_two))
            neighbours[two].append((one, -sign_one * sign_two))
    flips = _flips(neighbours)
    if flips is None:
        return None
    world = len(component.rows)
    arcs = []
    for places_of in places:
        ends = [world, world]
        for number, sign in places_of:
            ends[1 if sign * flips[number] > 0 else 0] = number
        arcs.append((ends[0], ends[1]))
    return tuple(arcs)


def _flips(neighbours: list[list[tuple[int, int]]]) -> list[int] | None:
    """A sign for each equation so that every shared variable has opposite signs; None if there is none."""
    flips = [0] * len(neighbours)
    for start in range(len(neighbours)):
        if flips[start]:
            continue
        flips[start] = 1
        waiting = [start]
        for node in waiting:
            for other, relation in neighbours[node]:
                if not flips[other]:
                    flips[other] = relation * flips[node]
                    waiting.append(other)
                elif flips[other] != relation * flips[node]:
                    return None
    return flips


class _Residual:
    """What can still be sent along and against every arc; arc ``2k`` is along variable k, ``2k+1`` against."""

    def __init__(self, nodes: int) -> None:
        self.leaving: list[list[int]] = [[] for _ in range(nodes)]
        self.head: list[int] = []
        self.room: list[int] = []

    def add(self, tail: int, head: int, along: int, against: int) -> None:
        self.leaving[tail].append(len(self.head))
        self.head.append(head)
        self.room.append(along)
        self.leaving[head].append(len(self.head))
        self.head.append(tail)
        self.room.append(against)

    def send(self, source: int, sink: int, most: int) -> int:
        """Send as much as possible, at most ``most``, from source to sink; the amount."""
        sent = 0
        while sent < most:
            path = self._shortest(source, sink)
            if path is None:
                break
            amount = min(most - sent, *(self.room[arc] for arc in path))
            for arc in path:
                self.room[arc] -= amount
                self.room[arc ^ 1] += amount
            sent += amount
        return sent

    def _shortest(self, source: int, sink: int) -> list[int] | None:
        head, room, leaving = self.head, self.room, self.leaving
        came: dict[int, int] = {source: -1}
        waiting = deque((source,))
        while waiting:
            node = waiting.popleft()
            for arc in leaving[node]:
                to = head[arc]
                if room[arc] and to not in came:
                    came[to] = arc
                    if to == sink:
                        path = []
                        while to != source:
                            path.append(came[to])
                            to = head[came[to] ^ 1]
                        return path
                    waiting.append(to)
        return None


def flow_bounds(component: Component, arcs: Arcs, targets: Sequence[int]) -> list[tuple[int, int]]:
    """The exact (lowest, highest) value of each target, in order.

    Raises:
        ContradictionError: no flow keeps to the bounds.
    """
    flow, residual = _feasible(component, arcs)
    found = []
    for target in targets:
        tail, head = arcs[target]
        along, against = 2 * target, 2 * target + 1
        room = residual.room
        up, down = room[along], room[against]
        room[along] = room[against] = 0
        start = list(room)
        more = residual.send(head, tail, up)
        residual.room = list(start)
        less = residual.send(tail, head, down)
        residual.room = start
        residual.room[along], residual.room[against] = up, down
        low, high = flow[target] - less, flow[target] + more
        found.append((low, UNBOUNDED if high >= component.upper[target] >= UNBOUNDED else high))
    return found


def _feasible(component: Component, arcs: Arcs) -> tuple[list[int], _Residual]:
    """One flow within the bounds, and what room it leaves."""
    world = len(component.rows)
    source, sink = world + 1, world + 2
    residual = _Residual(world + 3)
    excess = [0] * (world + 1)
    signs = _signs(component, arcs)
    for number, right in enumerate(component.right):
        # The flipped row says: what enters minus what leaves is the flipped right-hand side.
        excess[number] -= signs[number] * right
        excess[world] += signs[number] * right
    for (tail, head), low, high in zip(arcs, component.lower, component.upper, strict=True):
        residual.add(tail, head, high - low, 0)
        excess[head] += low
        excess[tail] -= low
    for node, amount in enumerate(excess):
        if amount > 0:
            residual.add(source, node, amount, 0)
        elif amount < 0:
            residual.add(node, sink, -amount, 0)
    needed = sum(amount for amount in excess if amount > 0)
    if residual.send(source, sink, needed) < needed:
        raise ContradictionError
    # Source and sink have served: without room on their arcs no later path leads through them.
    for arc in range(2 * len(arcs), len(residual.head)):
        residual.room[arc] = 0
    flow = [low + residual.room[2 * k + 1] for k, low in enumerate(component.lower)]
    return flow, residual


def _signs(component: Component, arcs: Arcs) -> list[int]:
    """The sign that each equation was given, read back from the arcs."""
    signs = []
    for number, row in enumerate(component.rows):
        variable, sign = next(iter(row.items()))
        signs.append(sign if arcs[variable][1] == number else -sign)
    return signs
