"""``enclave check``: the automatic checks on bare files, with no project needed.

1. Exit status: 0 no finding, 3 findings, 2 wrong use. What could not be checked is a finding.
2. csv, txt and md are decoded here, strictly; every other format is read in a reader container, and
   refused where there is none.
3. Every PATH is a submission of its own; a folder is one submission of all its files.
4. ``--earlier`` is a release made before; ``--ids`` and ``--extract`` say which pseudonyms exist.
5. ``--json`` prints the shape that others rely on (``output_review.disclosure.reports``).
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.adapters.dictionaries import read_dictionaries
from enclave.adapters.policy_files import load_policies
from enclave.adapters.translations import translate
from enclave.errors import EnclaveError
from enclave.settings import Settings
from output_review.adapters.bare_files import read_submission
from output_review.adapters.id_sets import read_id_set
from output_review.adapters.population_files import read_populations
from output_review.adapters.published_files import read_published
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Finding, Verdict
from output_review.disclosure.policy import DisclosurePolicy, policy_from_mapping
from output_review.disclosure.reports import Report, report_as_json
from output_review.ports import Reader

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001

NO_FINDING = 0
WRONG_USE = 2
FINDINGS = 3
_ROOT = Path(__file__).resolve().parents[1]


OpenReader = Callable[[], AbstractContextManager[Reader | None]]
"""Opens a reader for files that must not be parsed here; None where there cannot be one."""


def _no_reader() -> AbstractContextManager[Reader | None]:
    return nullcontext(None)


def register(subparsers: "Subparsers", open_reader: OpenReader = _no_reader) -> None:
    """Add ``check`` to the ``enclave`` command."""
    parser = subparsers.add_parser(
        "check", help="check files for disclosure before they leave", description=__doc__
    )
    _add_arguments(parser)
    parser.set_defaults(run=partial(run, open_reader=open_reader))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", type=Path, help="a file, or a folder as one submission"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--profile", metavar="NAME", help="the policy profile (default: the policy's own)")
    parser.add_argument(
        "--earlier",
        action="append",
        default=[],
        metavar="DIR",
        type=Path,
        help="a release made before (repeatable)",
    )
    parser.add_argument(
        "--populations",
        metavar="FILE",
        type=Path,
        help="a csv of municipalities and their inhabitants (default: populations.csv beside the policies)",
    )
    parser.add_argument("--ids", metavar="FILE", type=Path, help="pseudonyms, UTF-8, one on a line")
    parser.add_argument(
        "--extract", metavar="FILE", type=Path, help="a DuckDB extract whose pseudonyms to look for"
    )
    parser.add_argument(
        "--key-file", metavar="FILE", type=Path, help="64 hexadecimal digits, for an encrypted extract"
    )


def run(args: argparse.Namespace, _open_house: object = None, *, open_reader: OpenReader = _no_reader) -> int:
    """Check what the arguments name, print the report, and return the exit status; no home is opened."""
    try:
        report = _check(args, open_reader)
    except EnclaveError as error:
        print(f"{translate(error.sentence, 'ja')}\n{error.sentence.en}", file=sys.stderr)  # noqa: T201
        return WRONG_USE
    if args.json:
        shown = json.dumps(report_as_json(report, translate), ensure_ascii=False, indent=2)
    else:
        shown = "\n".join(_lines(report))
    print(shown)  # noqa: T201
    return NO_FINDING if report.verdict is Verdict.PASS else FINDINGS


def _check(args: argparse.Namespace, open_reader: OpenReader) -> Report:
    policy = _read_policy(args.profile, args.populations)
    ids = read_id_set(args.ids, args.extract, args.key_file)
    with open_reader() as reader:
        earlier = [read_submission(path, policy.max_file_bytes, reader) for path in args.earlier]
        given = [read_submission(path, policy.max_file_bytes, reader) for path in args.paths]
    words = read_dictionaries()
    reports = [run_checks(submission, policy, ids, earlier, dictionaries=words) for submission in given]
    return Report(tuple(file for report in reports for file in report.files), policy.profile, policy.digest)


def _read_policy(profile: str | None, populations: Path | None) -> DisclosurePolicy:
    settings = Settings.from_environment(os.environ, _ROOT)
    policy = policy_from_mapping(load_policies(settings.policies).document("disclosure"), profile)
    table = read_populations(populations, settings.policies)
    policy = policy.with_published(read_published(settings.policies))
    return policy.with_populations(table) if table.digest else policy


def _lines(report: Report) -> list[str]:
    """The report for a terminal: one line a file, two a finding."""
    lines = []
    for file in report.files:
        lines.append(f"{file.verdict.value.upper():7} {file.path}")
        for finding in file.findings:
            lines.append(f"  {finding.severity.value.upper():7} {finding.rule}{_where(finding)}")
            lines.append(f"          {translate(finding.message, 'ja')} / {finding.message.en}")
    return [*lines, f"{report.verdict.value.upper()} ({report.profile}, {(report.policy_digest or '')[:12]})"]


def _where(finding: Finding) -> str:
    place = finding.where
    parts = [
        f"{name} {value}"
        for name, value in (("row", place.row), ("column", place.column), ("offset", place.offset))
        if value is not None
    ]
    return f" ({', '.join(parts)})" if parts else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command on its own."""
    parser = argparse.ArgumentParser(prog="enclave check", description=__doc__)
    _add_arguments(parser)
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
