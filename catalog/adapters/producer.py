"""The producer's zone put together: source, keys, builder. One line per place it uses."""

from dataclasses import dataclass

from catalog.adapters.extract_duckdb import DuckdbExtracts, DuckdbTrial
from catalog.adapters.extract_folders import ExtractFolders
from catalog.adapters.producer_keys import PseudonymKeyFiles, SigningKeyFile
from catalog.adapters.source_duckdb import SourceDuckdb
from catalog.schema.canonical import CANONICAL
from enclave.ports import Randomness
from enclave.settings import Settings


@dataclass(frozen=True, slots=True)
class Producer:
    """What the steward's commands work with."""

    source: SourceDuckdb
    trial: DuckdbTrial
    extracts: DuckdbExtracts
    pseudonym_keys: PseudonymKeyFiles


def open_producer(settings: Settings, fresh: Randomness) -> Producer:
    """The producer's zone of this deployment; its home must exist."""
    home = settings.producer_home
    source = home / "source.duckdb"
    signing = SigningKeyFile(home / "keys" / "signing.key", fresh)
    folders = ExtractFolders(home / "builds", settings.extracts)
    return Producer(
        source=SourceDuckdb(source, CANONICAL),
        trial=DuckdbTrial(CANONICAL),
        extracts=DuckdbExtracts(source, folders, signing, CANONICAL, fresh),
        pseudonym_keys=PseudonymKeyFiles(home / "keys" / "pseudonym", fresh),
    )
