"""Every type of message that a browser could send to a kernel, judged.

``ENUMERATE_KERNEL`` lists what the kernel in its image answers, ``ENUMERATE_DESK`` what the desk's
tables let through: a type that is new in either is in no row here and fails the census.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ENUMERATE_KERNEL = """
import json
from ipykernel.ipkernel import IPythonKernel
kernel = IPythonKernel()
print(json.dumps({'shell': sorted(kernel.shell_handlers), 'control': sorted(kernel.control_handlers)}))
"""
ENUMERATE_DESK = """
import json
from hanare_desk.messages import PASSED, RECORDED
print(json.dumps({'passed': sorted(PASSED), 'recorded': sorted(RECORDED)}))
"""


class Goes(StrEnum):
    """What becomes of a message."""

    RECORDED = "recorded"
    """It can carry code, so it goes on only after its event is in the ledger."""
    PASSED = "passed"
    """It goes on, written anew from the fields that are known."""
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Judged:
    channel: str
    kind: str
    goes: Goes
    why: str
    content: Mapping[str, Any] = field(default_factory=dict)


_CODE = "code that runs"
_RECORDED = (
    Judged("shell", "execute_request", Goes.RECORDED, _CODE),
    Judged("control", "execute_request", Goes.RECORDED, _CODE),
    Judged("stdin", "input_reply", Goes.RECORDED, "what a cell reads can be code"),
)
_PASSED = (
    *(
        Judged("shell", kind, Goes.PASSED, why)
        for kind, why in (
            ("kernel_info_request", "the page asks before anything else"),
            ("is_complete_request", "whether a line is whole; it is not run"),
            ("comm_info_request", "the page asks; the answer is empty"),
            ("history_request", "the page asks; the answer is empty"),
            ("complete_request", "completion of a word"),
            ("inspect_request", "help for a word"),
        )
    ),
    Judged("control", "kernel_info_request", Goes.PASSED, "the page asks on either channel"),
    Judged("control", "interrupt_request", Goes.PASSED, "stops a cell"),
    Judged("control", "shutdown_request", Goes.PASSED, "ends a kernel"),
)
_BESIDE = "would hand code or data to a kernel beside the record"
_Sent = tuple[tuple[str, Mapping[str, Any]], ...]
_DROPPED_SHELL: _Sent = (
    ("apply_request", {"x": 1}),
    ("comm_open", {"comm_id": "c", "target_name": "t", "data": {}}),
    ("comm_msg", {"comm_id": "c", "data": {}}),
    ("comm_close", {"comm_id": "c", "data": {}}),
    ("connect_request", {}),
    ("interrupt_request", {}),
    ("shutdown_request", {"restart": False}),
    ("abort_request", {"msg_ids": []}),
    ("clear_request", {}),
)
_DROPPED_CONTROL: _Sent = (
    *_DROPPED_SHELL[:5],
    ("abort_request", {"msg_ids": []}),
    ("clear_request", {}),
    ("complete_request", {"code": "x", "cursor_pos": 1}),
    ("comm_info_request", {}),
    ("create_subshell_request", {}),
    ("debug_request", {"command": "initialize", "arguments": {}}),
    ("delete_subshell_request", {"subshell_id": "x"}),
    ("history_request", {"hist_access_type": "tail", "n": 1}),
    ("inspect_request", {"code": "x", "cursor_pos": 1}),
    ("is_complete_request", {"code": "x"}),
    ("list_subshell_request", {}),
    ("usage_request", {}),
)
_DROPPED = (
    *(Judged("shell", kind, Goes.DROPPED, _BESIDE, content) for kind, content in _DROPPED_SHELL),
    *(Judged("control", kind, Goes.DROPPED, _BESIDE, content) for kind, content in _DROPPED_CONTROL),
    Judged(
        "iopub",
        "execute_request",
        Goes.DROPPED,
        "not a channel that a browser speaks on",
        {"code": "1", "silent": True},
    ),
    Judged(
        "stdin", "execute_request", Goes.DROPPED, "not a channel for cells", {"code": "1", "silent": True}
    ),
    Judged("shell", "input_reply", Goes.DROPPED, "not the channel for answers", {"value": "1"}),
)
MESSAGES = (*_RECORDED, *_PASSED, *_DROPPED)
