"""The worker's process, as ``hanare-worker``: canonical bytes, checks, releases.

In a lane of its own, which the first never waits for, results are compared with the source's own identifiers.
"""

import json
import threading
from datetime import timedelta

from catalog.adapters.sudachi_words import SudachiWords
from catalog.own_questions import DOCUMENT, parse_own_rules
from enclave.adapters.foundation import Foundation
from enclave.policy import PolicySet
from hub.process_start import beating, open_house, stopping
from hub.sessions import plan_reader, plan_recount
from hub.workspaces_house import HouseFiles
from output_review import own_lane, worker
from output_review.adapters.container_jobs import PlanReader
from output_review.adapters.extract_facts import ExtractFolder
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.matcher_client import MatcherClient
from output_review.adapters.population_files import read_populations
from output_review.adapters.project_checker import ProjectChecker, ProjectIdentifiers, warm_up
from output_review.adapters.prose_containers import ContainerProse
from output_review.adapters.published_files import read_published
from output_review.adapters.reader_containers import ContainerReader
from output_review.adapters.recount_containers import ContainerRecounter
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.own_lane import OwnDeps
from output_review.ports import Images
from output_review.worker_house import WorkerDeps

OWN_ENDS_SECONDS = 2.0


def make_reader(house: Foundation) -> ContainerReader:
    """The reader behind the docker gate."""
    image = HouseFiles.of_this_process(house.settings).get_house().images.reader
    return ContainerReader(_gate(house), house.settings.readers, _planning(house), image)


def make_prose_reader(house: Foundation) -> ContainerProse:
    """The language model, in a reader's container behind the same gate."""
    return ContainerProse(_gate(house), house.settings.readers, _planning(house))


def _gate(house: Foundation) -> str:
    return f"http+unix://{house.settings.gate_socket}"  # docker-py takes the path as it is


def _planning(house: Foundation) -> PlanReader:
    files = HouseFiles.of_this_process(house.settings)

    def plan(job: str) -> tuple[str, dict[str, object]]:
        planned = plan_reader(files.get_house(), job)
        return planned.name, dict(planned.body)

    return plan


def make_recounter(house: Foundation) -> ContainerRecounter:
    """What counts again, behind the docker gate."""
    files = HouseFiles.of_this_process(house.settings)

    def plan(job: str, project: str, extract: str) -> tuple[str, dict[str, object]]:
        planned = plan_recount(files.get_house(), job, project, extract)
        return planned.name, dict(planned.body)

    gate = _gate(house)
    return ContainerRecounter(gate, (house.settings.readers, house.settings.extracts), house.keyring, plan)


def serve() -> None:
    """Work until told to end."""
    house = open_house()
    identifiers = ProjectIdentifiers(house.settings.extracts, house.keyring)
    prose = make_prose_reader(house)
    populations = read_populations(None, house.settings.policies)
    published = read_published(house.settings.policies)

    def checker_for(policies: PolicySet) -> ProjectChecker:
        return ProjectChecker(policies, identifiers, populations, prose, published=published)

    rules = parse_own_rules(house.policies().document(DOCUMENT))
    path = house.settings.images_file
    deps = WorkerDeps(
        works=DatabaseReviewWorks(house.database),
        vault=VaultFolder(house.settings.vault, house.keyring, house.fresh),
        reader=make_reader(house),
        checker_for=checker_for,
        load_policy=house.policies,
        extracts=ExtractFolder(house.settings.extracts),
        recounter=make_recounter(house),
        images=Images(json.loads(path.read_text(encoding="utf-8")), path),
        moment=timedelta(seconds=rules.moment_seconds),
        beat=beating(house.settings, "worker"),
    )
    # The first author who asks does not wait until words and pseudonyms are in memory.
    threading.Thread(target=warm_up, name="words", daemon=True).start()
    threading.Thread(target=identifiers.read_ahead, name="pseudonyms", daemon=True).start()
    stopped = stopping()
    own = OwnDeps(
        deps.works,
        deps.vault,
        MatcherClient(house.settings.matcher_socket),
        SudachiWords(),
        rules.own_box_seconds,
    )
    lane = threading.Thread(target=own_lane.run, args=(own, stopped), name="own", daemon=True)
    lane.start()
    worker.run(deps, stopped)
    lane.join(OWN_ENDS_SECONDS)
