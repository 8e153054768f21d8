"""Houses without a control: `make soak` runs them."""

import os

collect_ignore = [] if os.environ.get("HANARE_SOAK") == "1" else ["test_lab_controls_off.py"]
