"""The worker's process, as ``hanare-worker``: canonical bytes, checks, releases."""

import json

from enclave.adapters.foundation import Foundation
from enclave.policy import PolicySet
from hub.process_start import beating, open_house, stopping
from hub.sessions import plan_reader, plan_recount
from hub.workspaces_house import HouseFiles
from output_review import worker
from output_review.adapters.extract_facts import ExtractFolder
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.population_files import read_populations
from output_review.adapters.project_checker import ProjectChecker, ProjectIdentifiers
from output_review.adapters.reader_containers import ContainerReader
from output_review.adapters.recount_containers import ContainerRecounter
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.ports import Images
from output_review.worker_house import WorkerDeps


def make_reader(house: Foundation) -> ContainerReader:
    """The reader behind the docker gate."""
    files = HouseFiles.of_this_process(house.settings)

    def plan(job: str) -> tuple[str, dict[str, object]]:
        planned = plan_reader(files.get_house(), job)
        return planned.name, dict(planned.body)

    images = files.get_house().images
    gate = f"http+unix://{house.settings.gate_socket}"  # docker-py takes the path as it is
    return ContainerReader(gate, house.settings.readers, plan, images.reader)


def make_recounter(house: Foundation) -> ContainerRecounter:
    """What counts again, behind the docker gate."""
    files = HouseFiles.of_this_process(house.settings)

    def plan(job: str, project: str, extract: str) -> tuple[str, dict[str, object]]:
        planned = plan_recount(files.get_house(), job, project, extract)
        return planned.name, dict(planned.body)

    gate = f"http+unix://{house.settings.gate_socket}"
    return ContainerRecounter(gate, (house.settings.readers, house.settings.extracts), house.keyring, plan)


def serve() -> None:
    """Work until told to end."""
    house = open_house()
    identifiers = ProjectIdentifiers(house.settings.extracts, house.keyring)
    populations = read_populations(None, house.settings.policies)

    def checker_for(policies: PolicySet) -> ProjectChecker:
        return ProjectChecker(policies, identifiers, populations)

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
        beat=beating(house.settings, "worker"),
    )
    worker.run(deps, stopping())
