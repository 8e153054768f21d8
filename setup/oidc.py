"""The OpenID provider that tests sign in at, from npm.

Rules: it is installed for tests and nothing else; what is locked, hashed and run is said in setup/npm.py; the provider's
own script lies beside its lock in tests/support/oidc and is copied to where the packages are.
"""

import shutil
from pathlib import Path

from setup import npm
from setup.places import Places
from setup.stamps import Stamps

SCRIPT = "provider.mjs"


def ensure(places: Places, stamps: Stamps) -> Path:
    """The folder that the provider runs from, with everything it needs."""
    source, target = places.root / "tests" / "support" / "oidc", places.var / "oidc"
    words = ("the OpenID provider for tests", "試験用 OpenID プロバイダー")
    npm.ensure(places, stamps, "oidc", source, target, words)
    shutil.copyfile(source / SCRIPT, target / SCRIPT)
    return target
