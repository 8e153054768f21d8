"""What a cell needs to put its own messages on the wire in a kernel's name.

A kernel's messages are whatever the code in it makes of them: it holds the sockets and the signing
key. ``PRELUDE`` is run as a cell first; afterwards ``forge`` sends any message on iopub and
``replies`` says what the kernel's next answers look like. ``mark(n)`` is text that stands in no
cell's source, so that what is counted at the browser came out of the kernel and was not an echo.
"""

import base64
import zlib

MARK = "Zq7vXw3K"
_BACKWARDS = MARK[::-1]

PRELUDE = f"""
import time
_kernel = get_ipython().kernel
_session = _kernel.session
_plain_send = type(_session).send.__get__(_session)
replies = {{}}
def mark(n):
    one = {_BACKWARDS!r}[::-1]
    return (one * (n // len(one) + 1))[:n]
def _sent(stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, track=False, header=None, metadata=None):
    kind = msg_or_type if isinstance(msg_or_type, str) else msg_or_type['header']['msg_type']
    own = replies.get(kind)
    if own is None:
        return _plain_send(stream, msg_or_type, content=content, parent=parent, ident=ident, buffers=buffers,
                           track=track, header=header, metadata=metadata)
    message = msg_or_type if isinstance(msg_or_type, dict) else _session.msg(
        kind, content=content, parent=parent, header=header, metadata=metadata)
    for name in ('content', 'metadata', 'parent_header', 'header'):
        if callable(own.get(name)):
            message[name] = own[name](message[name])
        elif name in own:
            message[name] = {{**message[name], **own[name]}}
    return _plain_send(stream, message, ident=ident, buffers=own.get('buffers'))
_session.send = _sent
def forge(kind, content, parent=None, metadata=None, buffers=None, header=None):
    message = _session.msg(kind, content=content, parent=_kernel.get_parent() if parent is None else None, metadata=metadata)
    if parent is not None:
        message['parent_header'] = parent
    message['header'].update(header or {{}})
    _plain_send(_kernel.iopub_socket, message, ident=b'forged', buffers=buffers)
"""


def picture_cell(kilobytes: int) -> str:
    """Lines of a cell that make ``png``: a real picture of about so many kilobytes, all noise."""
    return (
        "import base64, os, struct, zlib\n"
        "def png_of(side):\n"
        "    chunk = lambda kind, body: struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))\n"
        "    rows = b''.join(bytes([0]) + os.urandom(3 * side) for _ in range(side))\n"
        "    head = struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0)\n"
        "    return bytes([137]) + b'PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows, 0)) + chunk(b'IEND', b'')\n"
        f"png = base64.b64encode(png_of(int(({kilobytes} * 1000 / 3) ** .5))).decode()\n"
    )


def hidden(text: str) -> str:
    """A Python expression that gives the text and does not contain it."""
    packed = base64.b85encode(zlib.compress(text.encode())).decode()
    return f"__import__('zlib').decompress(__import__('base64').b85decode({packed!r})).decode()"
