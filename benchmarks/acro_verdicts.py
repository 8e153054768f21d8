"""ACRO's verdict on every table of its synthetic data: run by the python of ACRO's environment, never imported.

Prints a csv: the table's name, ACRO's status (pass, fail, review, or error where it raises), and the checks
that failed. The first lines say which version of what made it.
"""

import contextlib
import csv
import io
import logging
import os
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import acro  # noqa: E402  the folder above must be known first
import pandas as pd  # noqa: E402

from tests.support.acro_tables import arguments, calls, subsets  # noqa: E402


def main() -> None:
    """Judge and print."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    sets = subsets()
    out = io.StringIO()
    made_by = f"acro {version('acro')} (PyPI); default risk appetite; suppress=False; pandas {pd.__version__}"
    out.write(f"# {made_by}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["table", "status", "failed"])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            session = acro.ACRO(suppress=False)
            for call in calls():
                try:
                    given = arguments(call, sets[call.data])
                    if call.is_crosstab:
                        session.crosstab(**given)
                    else:
                        session.pivot_table(sets[call.data], **given)
                    record = session.results.get_index(-1)
                    cells = record.sdc.get("cells", {}) if isinstance(record.sdc, dict) else {}
                    failed = sorted(check for check in cells if cells[check])
                    writer.writerow([call.name, record.status, " ".join(failed)])
                except Exception as error:  # noqa: BLE001  what the peer cannot judge is said, and no comparison
                    writer.writerow([call.name, "error", type(error).__name__])
        os.chdir("/")
    sys.stdout.write(out.getvalue())


if __name__ == "__main__":
    main()
