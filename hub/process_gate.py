"""The docker gate's process, as ``hanare-gate``: it opens no database and holds no data."""

from hub import gate
from hub.process_start import read_settings, stopping
from hub.workspaces_house import HouseFiles


def serve() -> None:
    """Answer until told to end."""
    settings = read_settings()
    gate.serve(HouseFiles.of_this_process(settings), settings.gate_socket, stopping())
