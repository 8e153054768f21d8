"""The checker's room over real things: a SQLite file, a vault folder, keys beside them."""

from pathlib import Path

from output_review.adapters import tables  # noqa: F401  its tables join the metadata
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.review_works import DatabaseReviewWorks
from tests.support.houses import SqliteHouse
from tests.support.review_fakes import FakeReviewHouse, FakeReviewWorks, FakeVault
from tests.support.review_story import Story


def sqlite_story(folder: Path) -> tuple[Story, SqliteHouse]:
    """A settled story over SQLite and files below ``folder``; close the house's database after."""
    house = SqliteHouse(folder)
    (folder / "vault").mkdir()
    vault = VaultFolder(folder / "vault", house.keyring, house.fresh)
    return Story(house, DatabaseReviewWorks(house.database), vault).settle(), house


def fake_story() -> tuple[Story, FakeReviewHouse]:
    """A settled story in memory."""
    house = FakeReviewHouse()
    return Story(house, FakeReviewWorks(house), FakeVault()).settle(), house
