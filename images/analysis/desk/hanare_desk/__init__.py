"""The desk: a Jupyter server that shows notebooks, runs nobody's code and lets no file out.

It speaks HTTP to the browser and holds the token, so it must never see data; kernels run in
the container next to it and are reached through sockets in shared folders. What passes here
is what a table names: addresses (``addresses``), rights (``resources``), messages
(``messages``, ``outputs``), files (``contents`` on ``work_folder``). What a table does not
name is refused. A cell runs only after intake has recorded it (``cells``). Nothing here
imports any other room, and modules without Jupyter in them are tested without it.
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "hanare_desk.extension"}]
