"""The portal's process, as ``hanare-portal``, on loopback only."""

import asyncio

import uvicorn

from catalog.adapters.catalogue_tables import catalogue_finder
from catalog.adapters.stale_tables import stale_finder
from catalog.adapters.tables import risk_finder
from enclave.adapters.translations import translate
from enclave.display import parse_display
from enclave.errors import InvalidInputError
from enclave.sentences import say
from hub.portal import PortalDeps, portal_app
from hub.portal_hub_door import HubDoor
from hub.portal_ledger import shelf_opener
from hub.process_start import open_house
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.review_works import DatabaseReviewWorks

PORTAL_CLIENT = "service-portal"


def serve() -> None:
    """Serve pages until told to end."""
    house = open_house()
    settings = house.settings
    address = settings.portal_address
    secret = settings.portal_secret_file.read_text(encoding="ascii").strip()
    deps = PortalDeps(
        works=DatabaseReviewWorks(house.database),
        open_ledger=shelf_opener(house.database, settings.origin),
        notes=house.notes,
        key_name=settings.origin,
        vault=VaultFolder(settings.vault, house.keyring, house.fresh),
        passwords=house.passwords,
        hub=HubDoor.over_socket(PORTAL_CLIENT, secret, settings.hub_socket),
        clock=house.clock,
        fresh=house.fresh,
        translate=translate,
        portal_address=address,
        hub_address=settings.hub_address,
        rules=parse_display(house.policies().document("sessions")),
        find_catalogue=catalogue_finder(house.database),
        find_risks=risk_finder(house.database),
        find_stale=stale_finder(house.database),
    )
    host, _, port = address.removeprefix("http://").partition(":")
    if host != "localhost" or not port.isdecimal():
        raise InvalidInputError("not_loopback", say("The portal of this home listens on localhost only."))
    config = uvicorn.Config(
        portal_app(deps),
        host="127.0.0.1",
        port=int(port),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    asyncio.run(uvicorn.Server(config).serve())
