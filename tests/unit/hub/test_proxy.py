"""The proxy's corrections: no port behind a socket, no stranger's pid, no taken address."""

import os
import socket
from pathlib import Path

import pytest

from enclave.errors import ConflictError
from hub.proxy import HouseProxy, check_free, inward, outward

DESK = "http+unix://%2Fsrv%2Fs.sock"


def test_the_port_is_cut_from_a_sockets_address_and_put_back() -> None:
    assert outward(f"{DESK}:80") == DESK
    assert inward(DESK, {"user": "mei"}) == f"{DESK}:80"
    assert outward(inward(DESK, {"user": "mei"})) == DESK


def test_other_addresses_are_left_alone() -> None:
    assert outward("http://127.0.0.1:80") == "http://127.0.0.1:80"
    assert inward("http://127.0.0.1:9000", {"user": "mei"}) == "http://127.0.0.1:9000"
    assert inward(DESK, {"hub": True}) == DESK


def test_an_address_that_somebody_holds_is_refused() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        address = f"http://127.0.0.1:{holder.getsockname()[1]}"
        with pytest.raises(ConflictError):
            check_free(address)
    check_free(address)


def test_a_pid_that_is_not_our_proxys_is_not_ours_to_kill() -> None:
    own = Path(f"/proc/{os.getpid()}/cmdline").read_bytes().split(b"\0")[0].decode()
    with pytest.raises(ProcessLookupError):
        HouseProxy(auth_token="t", command=["node", "/srv/chp"])._check_pid(os.getpid())
    HouseProxy(auth_token="t", command=["node", own])._check_pid(os.getpid())
