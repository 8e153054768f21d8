"""The matcher's process, as ``hanare-matcher`` in the producer's zone: it has a set of keyed hashes and no database.

It reads the set and its key, which the producer made, and the policies; it writes its account of what was asked
and its sign of life. The source, the pseudonym keys and the enclave's zone are closed to it.
"""

import os
import pwd

from catalog.adapters import matcher_door
from catalog.adapters.matcher import AskedJournal, Matcher
from catalog.adapters.own_set_files import OwnSetFiles
from catalog.own_questions import DOCUMENT, OwnRules, parse_own_rules
from enclave.adapters.policy_files import load_policies
from enclave.adapters.system import SystemClock
from hub.process_start import beating, read_settings, stopping

USER = "hanare-matcher"
WORKER = "hanare-worker"


def allowed_uid() -> int:
    """Whose questions are answered: the worker's user, or, at demo strength, the one user of all processes."""
    own = os.geteuid()
    return pwd.getpwnam(WORKER).pw_uid if pwd.getpwuid(own).pw_name == USER else own


def serve() -> None:
    """Answer until told to end."""
    settings, stopped = read_settings(), stopping()
    os.umask(0o077)

    def rules() -> OwnRules:
        return parse_own_rules(load_policies(settings.policies).document(DOCUMENT))

    rules()
    matcher = Matcher(OwnSetFiles(settings.own_set), AskedJournal(settings.own_asked), rules, SystemClock())
    matcher_door.serve(matcher, settings.matcher_socket, allowed_uid(), beating(settings, "matcher"), stopped)
