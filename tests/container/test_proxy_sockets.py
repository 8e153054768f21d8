"""A request with a body gets the desk's own answer, however quickly that comes."""

import collections

import requests

from tests.support.hub_running import RunningHub

TIMES = 600
"""Without the proxy's kept connections at least one such request in fifty was answered 503."""


def test_an_answer_to_a_request_with_a_body_always_arrives(hub: RunningHub) -> None:
    mei = hub.person("mei")
    mei.enter("p-a")
    mei.until_ready("p-a")
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"token {mei.page_token('p-a')}"
    place = f"{hub.url}/user/mei/p-a/lab/api/workspaces/default"
    whole = {"data": {"x": "y" * 2000}, "metadata": {"id": "default"}}
    answers = collections.Counter(
        session.put(place, json=whole, timeout=20).status_code for _ in range(TIMES)
    )
    assert answers == {204: TIMES}
