"""A request with a body gets the house's own answer, however quickly that comes."""

import requests

from tests.support.hub_running import RunningHub

TIMES = 400
"""Without the proxy's kept connections about one such request in fifty was answered 503 instead."""


def test_a_refusal_of_a_request_with_a_body_always_arrives(hub: RunningHub) -> None:
    session = requests.Session()
    session.trust_env = False
    place = f"{hub.url}/hub/api/users/aoi/tokens"
    answers = [session.post(place, json={"note": "x" * 2000}, timeout=20).status_code for _ in range(TIMES)]
    assert set(answers) == {403}
