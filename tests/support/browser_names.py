"""A resolver of a test's own, and a Chromium that asks no other: every name that it looks up is heard.

Chromium takes hints (``dns-prefetch``, ``preconnect``) only in a lasting profile, not in the
private windows that tests use otherwise. Its view of ``/etc/resolv.conf`` is its own, in a mount
namespace of its own, so the machine is left as it is; that takes root.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.support.browser_chromium import ARGUMENTS, EXECUTABLE

ADDRESS = "127.77.0.53"
"""An address of loopback that nothing else listens at."""
PORT = 53
A_RECORD = b"\xc0\x0c\0\x01\0\x01\0\0\0\x01\0\x04\x7f\0\0\x01"
"""Whatever was asked for is 127.0.0.1, for a second."""
WRAPPER = """#!/bin/sh
exec unshare --mount -- sh -c 'mount --make-rprivate / && mount --bind {file} /etc/resolv.conf && exec {program} "$@"' chromium "$@"
"""
CAN_LISTEN_IN = os.getuid() == 0


class Resolver:
    """Answers everybody; keeps the names it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ADDRESS, PORT))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def heard(self, suffix: str) -> set[str]:
        """What stood before this suffix in the names asked for."""
        return {name.removesuffix(suffix) for name in self.asked if name.endswith(suffix)}

    def _serve(self) -> None:
        while True:
            try:
                question, asker = self._socket.recvfrom(2_048)
            except OSError:
                return
            if len(question) < 17:  # what a socket gives that was shut down, or no question
                return
            name, end = _name_in(question)
            self.asked.append(name)
            is_address = question[end : end + 2] == b"\0\x01"
            head = question[:2] + b"\x81\x80\0\x01\0" + (b"\x01" if is_address else b"\0") + b"\0\0\0\0"
            answer = head + question[12 : end + 4] + (A_RECORD if is_address else b"")
            self._socket.sendto(answer, asker)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(2)


def _name_in(question: bytes) -> tuple[str, int]:
    """The name of a question and where it ends."""
    words, at = [], 12
    while length := question[at]:
        words.append(question[at + 1 : at + 1 + length].decode("ascii", "replace").lower())
        at += length + 1
    return ".".join(words), at + 1


@contextmanager
def listened_in(chrome: Browser, folder: Path) -> Iterator[tuple[BrowserContext, Resolver]]:
    """A browser with a lasting profile whose every question for a name is heard."""
    names, program = folder / "resolv.conf", folder / "chromium.sh"
    names.write_text(f"nameserver {ADDRESS}\n")
    program.write_text(WRAPPER.format(file=names, program=EXECUTABLE))
    program.chmod(0o755)
    resolver = Resolver()
    try:
        context = chrome.browser_type.launch_persistent_context(
            folder / "profile", executable_path=program, args=ARGUMENTS, locale="ja-JP"
        )
        try:
            yield context, resolver
        finally:
            context.close()
    finally:
        resolver.close()
