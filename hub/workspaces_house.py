"""The house as it stands on this machine: image digests, limits and user ids, read from files.

``images.json`` is written by the set-up and read anew for every plan, so that a rebuilt image
is used without a restart; the policies and what the host lacks of its baseline are read with it. Who is who: a process that runs as one of the house's own system
users speaks of all of them by name; any other process is a house of one user (demo strength),
in which containers get user ids of their own only where that user is root.
"""

import json
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from enclave.adapters.policy_files import load_policies
from enclave.errors import InvalidInputError, UnavailableError
from enclave.sentences import say
from enclave.settings import Settings
from hub.host_baseline import Part, missing, parse_exceptions
from hub.host_facts import read_host
from hub.sessions_house import House, Images, Places, Users, parse_limits

HUB_USER, WORKER_USER, SWEEPER_USER = "hanare-hub", "hanare-worker", "hanare-sweeper"


def find_users(uid: int, gid: int) -> Users:
    """Who stands for whom, seen by a process that runs as ``uid``."""
    own = _name_of(uid)
    if own is not None and own.startswith("hanare-"):
        return Users(hub=_uid_of(HUB_USER), worker=_uid_of(WORKER_USER), sweeper=_uid_of(SWEEPER_USER))
    return Users(hub=uid, worker=uid, sweeper=uid, shared=None if uid == 0 else (uid, gid))


def _name_of(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _uid_of(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise UnavailableError(
            "no_user", say("The system user '{name}' is missing. Run the set-up.", name=name)
        ) from error


@dataclass(frozen=True, slots=True)
class HouseFiles:
    """Reads the house anew each time it is asked for."""

    settings: Settings
    users: Users

    @classmethod
    def of_this_process(cls, settings: Settings) -> "HouseFiles":
        return cls(settings, find_users(os.getuid(), os.getgid()))

    def get_house(self) -> House:
        """The house.

        Raises:
            UnavailableError: the images were not built, or their file cannot be read.
        """
        house = self.find_house()
        if house is None:
            raise UnavailableError(
                "no_images", say("The images are not there. Run the set-up, then try again.")
            )
        return house

    def find_house(self) -> House | None:
        try:
            document = json.loads(self.settings.images_file.read_text())
            images = Images(document["desk"], document["kernel"], document["reader"])
        except (OSError, ValueError, KeyError, TypeError, InvalidInputError):
            return None
        policies = load_policies(Path(self.settings.policies))
        exempt = parse_exceptions(policies.documents.get("exceptions"))
        return House(
            images=images,
            limits=parse_limits(policies.document("sessions")),
            places=Places(str(self.settings.enclave_home)),
            users=self.users,
            secure=self.settings.hub_address.startswith("https://"),
            apparmor=Part.APPARMOR not in exempt,
            missing=missing(read_host(), exempt),
            policy_digest=policies.digest,
        )
