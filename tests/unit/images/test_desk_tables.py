"""The desk's tables: what is not named is refused, and nothing unnamed rides along."""

import base64

import pytest

from images.analysis.desk.hanare_desk import outputs
from images.analysis.desk.hanare_desk.addresses import is_open
from images.analysis.desk.hanare_desk.messages import MAX_SOURCE, read_message
from images.analysis.desk.hanare_desk.meter import MESSAGE_TEXT, Limits
from images.analysis.desk.hanare_desk.mime import Sanitiser, trim_mime
from images.analysis.desk.hanare_desk.resources import RIGHTS, is_allowed

PREFIX = "/user/mei/p-a/"
KERNEL = "957448be-5d59-40fc-b7db-0a873e622d70"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 300).decode()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/lab"),
        ("GET", "/lab/tree/%E6%A2%85/a.ipynb"),
        ("GET", "/lab/workspaces/auto-x/tree/a.ipynb"),
        ("GET", "/static/lab/main.js"),
        ("PUT", "/lab/api/settings/@jupyterlab/apputils-extension:themes"),
        ("POST", "/api/kernels"),
        ("GET", f"/api/kernels/{KERNEL}/channels"),
        ("POST", f"/api/kernels/{KERNEL}/restart"),
        ("PUT", "/api/contents/a/b.ipynb"),
        ("POST", "/api/contents/a.ipynb/checkpoints"),
        ("GET", "/oauth_callback"),
        ("GET", "/hanare/meter"),
    ],
)
def test_a_days_work_is_open(method: str, path: str) -> None:
    assert is_open(method, PREFIX.rstrip("/") + path, PREFIX)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/files/a.ipynb"),
        ("GET", "/view/a.csv"),
        ("GET", "/nbconvert/html/a.ipynb"),
        ("POST", "/nbconvert/html"),
        ("GET", "/api/nbconvert"),
        ("POST", "/api/terminals"),
        ("GET", "/terminals/websocket/1"),
        ("GET", "/lab/api/plugins"),
        ("POST", "/lab/api/extensions"),
        ("GET", "/metrics"),
        ("GET", "/api/status"),
        ("POST", "/hanare/meter"),
        ("GET", "/proxy/8888/"),
        ("GET", "/lsp/ws/python"),
        ("POST", "/api/events"),
        ("GET", "/api/events/subscribe"),
        ("POST", "/api/shutdown"),
        ("GET", "/kernelspecs/python3/kernel.json"),
        ("DELETE", "/api/kernels/../../x"),
        ("GET", "/api/kernels/../files/a"),
        ("GET", "/api/contents/../../files/a"),
        ("GET", "/api/contents/%2e%2e/files"),
        ("GET", "/api/contents//etc"),
        ("GET", "/api/contents/..%2f..%2fetc"),
        ("OPTIONS", "/api/contents"),
        ("CONNECT", "/lab"),
        ("GET", "/lab/tree/" + "a" * 3000),
    ],
)
def test_the_rest_is_closed(method: str, path: str) -> None:
    assert not is_open(method, PREFIX.rstrip("/") + path, PREFIX)


@pytest.mark.parametrize("path", ["/", "/lab", "/user/mei/p-ab/lab", "/user/ken/p-a/lab", "/hub/api"])
def test_another_prefix_is_closed(path: str) -> None:
    assert not is_open("GET", path, PREFIX)


def test_no_resource_no_right() -> None:
    assert not is_allowed(None, "GET", "X")
    for resource in ("config", "events", "terminals", "nbconvert", "server", "lsp", ""):
        assert not is_allowed(resource, "GET", "X")


def test_rights_follow_the_answering_class_and_not_the_resource_alone() -> None:
    assert is_allowed("contents", "GET", "ContentsHandler")
    assert not is_allowed("contents", "GET", "AuthenticatedFileHandler")
    assert not is_allowed("api", "POST", "X")
    assert all("OPTIONS" not in methods for methods in RIGHTS.values())


def header(kind: str, **more: object) -> dict[str, object]:
    return {
        "msg_id": "m1",
        "msg_type": kind,
        "session": "s",
        "username": "u",
        "date": "",
        "version": "5.3",
        **more,
    }


def test_an_unnamed_message_is_no_message() -> None:
    for channel, kind in [
        ("shell", "comm_open"),
        ("shell", "comm_msg"),
        ("control", "debug_request"),
        ("control", "create_subshell_request"),
        ("iopub", "execute_request"),
        ("stdin", "execute_request"),
        (None, "execute_request"),
    ]:
        assert read_message(channel, header(kind), {}, {"code": "1"}) is None


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_execute_is_recorded_on_both_channels(channel: str) -> None:
    message = read_message(channel, header("execute_request"), {}, {"code": "1", "silent": True})
    assert message is not None
    assert message.recorded
    assert message.source == "1"


def test_an_answer_to_input_is_recorded() -> None:
    message = read_message("stdin", header("input_reply"), {}, {"value": "import os", "status": "ok"})
    assert message is not None
    assert (message.recorded, message.source, message.is_cell) == (True, "import os", False)


def test_user_expressions_are_part_of_the_source() -> None:
    content = {"code": "1", "user_expressions": {"b": "open('x')", "a": "2"}}
    message = read_message("shell", header("execute_request"), {}, content)
    assert message is not None
    assert message.expressions == ["a = 2", "b = open('x')"]
    assert message.length == 1 + len("a = 2") + len("b = open('x')")
    assert read_message("shell", header("execute_request"), {}, {"user_expressions": {"a": 1}}) is None


def test_nothing_unnamed_rides_along() -> None:
    asked = header("execute_request", secret="import os", username="x" * 65, date="import os; x()")
    message = read_message("shell", asked, {"msg_id": "p", "y": "z"}, {"code": "1", "hidden": "import os"})
    assert message is not None
    assert "secret" not in message.header
    assert message.header["username"] == ""
    assert message.header["date"] == ""
    assert dict(message.content) == {"code": "1"}
    assert "y" not in message.parent


@pytest.mark.parametrize("content", [{"code": 1}, {"code": ["a"]}, {"code": "1", "silent": "x" * MAX_SOURCE}])
def test_a_field_of_another_type_is_refused(content: dict[str, object]) -> None:
    assert read_message("shell", header("execute_request"), {}, content) is None


def test_a_message_needs_an_id_of_its_own() -> None:
    assert read_message("shell", header("execute_request", msg_id="a b"), {}, {"code": "1"}) is None


def test_unnamed_kernel_messages_do_not_pass() -> None:
    for channel, kind in [
        ("iopub", "comm_msg"),
        ("iopub", "execute_reply"),
        ("shell", "stream"),
        ("", "status"),
    ]:
        assert outputs.trim(channel, kind, {}, None) is None


def test_every_named_kernel_message_has_a_writer_that_bears_an_empty_content() -> None:
    for channel, kinds in outputs.TYPES.items():
        for kind in kinds:
            shown = outputs.trim(channel, kind, {}, None)
            assert shown is not None


def test_a_long_text_is_cut_by_bytes() -> None:
    for text in ("A" * 2_000_000, "梅" * 60_000):
        shown = outputs.trim("iopub", "stream", {"name": "stdout", "text": text}, None)
        assert shown is not None
        assert MESSAGE_TEXT <= shown.text + 3 < MESSAGE_TEXT + 250
        assert shown.text == len(shown.content["text"].encode())


def kept_of(data: object, sanitise: Sanitiser | None = None) -> dict[str, str]:
    return trim_mime(data, sanitise, Limits())[0]


def test_unknown_kinds_and_large_pictures_are_withheld() -> None:
    data = {"application/octet-stream": "B" * 100, "image/svg+xml": "<svg/>", "image/png": PNG * 2000}
    assert set(kept_of(data)) == {"text/plain"}


def test_a_picture_has_to_be_one() -> None:
    assert kept_of({"image/png": PNG}) == {"image/png": PNG}
    assert "image/png" not in kept_of({"image/png": "raw data, not base64 of a picture"})


def test_blanks_between_the_letters_of_a_picture_say_nothing() -> None:
    spread = "".join(letter + " \n\t"[number % 3] for number, letter in enumerate(PNG))
    assert kept_of({"image/png": spread}) == {"image/png": PNG}


def test_the_bits_that_base64_leaves_over_say_nothing() -> None:
    raw = base64.b64decode(PNG)[:301]
    letters = base64.b64encode(raw).decode()
    assert letters.endswith("A==")
    assert kept_of({"image/png": letters[:-3] + "P=="}) == {"image/png": letters}


def test_html_needs_a_sanitiser() -> None:
    data = {"text/html": "<b>1</b><script>x</script>", "text/plain": "1"}
    assert kept_of(data) == {"text/plain": "1"}
    assert kept_of(data, lambda _: "<b>1</b>")["text/html"] == "<b>1</b>"


def test_markdown_is_shown_as_its_source() -> None:
    assert kept_of({"text/markdown": "# a <script>", "text/plain": "<object>"}) == {
        "text/plain": "# a <script>"
    }


def test_a_reply_carries_no_expressions_payload_or_history() -> None:
    reply = {
        "status": "ok",
        "execution_count": 1,
        "user_expressions": {"x": "E" * 99},
        "payload": [{"text": "P"}],
    }
    shown = outputs.trim("shell", "execute_reply", reply, None)
    assert shown is not None
    assert shown.content == {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
    past = outputs.trim("shell", "history_reply", {"status": "ok", "history": [[1, 1, "x"]]}, None)
    assert past is not None
    assert past.content["history"] == []


def test_no_field_of_a_state_carries_bytes() -> None:
    shown = outputs.trim("iopub", "status", {"execution_state": "x" * 99, "more": "y" * 99}, None)
    assert shown is not None
    assert shown.content == {"execution_state": "idle"}


def test_numbers_do_not_carry_bytes() -> None:
    shown = outputs.trim("iopub", "execute_input", {"code": "1", "execution_count": 10**3000}, None)
    assert shown is not None
    assert shown.content["execution_count"] is None


def test_bytes_are_counted_by_kind() -> None:
    content = {"data": {"text/plain": "図", "image/png": PNG}, "metadata": {"k": "v" * 999}, "transient": {}}
    shown = outputs.trim("iopub", "display_data", content, None)
    assert shown is not None
    assert shown.content["metadata"] == {}
    assert (shown.text, shown.image) == (3, len(base64.b64decode(PNG)))


def test_numbers_beside_the_text_are_counted_by_their_digits() -> None:
    display = {"data": {"text/plain": "1"}, "execution_count": 12345, "transient": {"display_id": "abcd"}}
    shown = outputs.trim("iopub", "execute_result", display, None)
    assert shown is not None
    assert shown.numbers == 5 + 4
    matches = {"status": "ok", "matches": ["ab", "c"], "cursor_start": 100, "cursor_end": 7}
    shown = outputs.trim("shell", "complete_reply", matches, None)
    assert shown is not None
    assert (shown.text, shown.numbers) == (4, 4)


def test_what_a_kernel_says_of_its_language_is_a_choice_from_a_table() -> None:
    told = {"banner": "B" * 99, "language_info": {"name": "S" * 99, "more": "M"}, "protocol_version": "P"}
    shown = outputs.trim("shell", "kernel_info_reply", told, None)
    assert shown is not None
    assert shown.content == outputs.kernel_info("python")
    shown = outputs.trim("shell", "kernel_info_reply", {"language_info": {"name": "R"}}, None)
    assert shown is not None
    assert shown.content == outputs.kernel_info("R")


def test_an_error_is_told_once() -> None:
    error = {"status": "error", "ename": "E", "evalue": "V" * 99, "traceback": ["T" * 99]}
    shown = outputs.trim("shell", "execute_reply", error, None)
    assert shown is not None
    assert (shown.content["ename"], shown.content["evalue"], shown.content["traceback"]) == ("E", "", [])


def test_an_indent_is_blanks() -> None:
    shown = outputs.trim("shell", "is_complete_reply", {"status": "incomplete", "indent": "secret"}, None)
    assert shown is not None
    assert shown.content == {"status": "incomplete", "indent": " " * 6}


def test_one_message_holds_no_more_than_its_limit_whatever_its_type() -> None:
    long, limit = "あ" * 700_000, Limits().text
    forged = {
        ("iopub", "execute_input"): {"code": long, "execution_count": 1},
        ("shell", "complete_reply"): {"status": "ok", "matches": [f"{n}{long[:90]}" for n in range(500)]},
        ("shell", "inspect_reply"): {"status": "ok", "found": True, "data": {"text/plain": long}},
        ("stdin", "input_request"): {"prompt": long, "password": False},
        ("iopub", "error"): {"ename": long, "evalue": long, "traceback": [long]},
    }
    for (channel, kind), content in forged.items():
        shown = outputs.trim(channel, kind, content, None)
        assert shown is not None
        assert sum(len(part.payload) for part in shown.parts) <= limit + 20_000, kind


def test_a_history_request_is_made_whole() -> None:
    header = {"msg_id": "a", "msg_type": "history_request"}
    asked = read_message("shell", header, {}, {"hist_access_type": "tail", "n": 10, "raw": True})
    assert asked is not None
    assert asked.content["output"] is False
