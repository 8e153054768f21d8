"""What the desk says to the person at the notebook: Japanese first, then English.

A desk does not know who reads, so every sentence carries both languages. None names a value,
a file's content or an address. Codes are stable; programs look at the code alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stable code and the sentence in both languages."""

    code: str
    ja: str
    en: str

    @property
    def both(self) -> str:
        return f"{self.ja} / {self.en}"


_NOT_RUN_JA: Final = "このセルは実行されていません。"
_NOT_RUN_EN: Final = "This cell was not run."

_ALL: Final = (
    Sentence(
        "record_unreachable",
        _NOT_RUN_JA
        + "記録係に接続できません。記録なしには何も実行されません。少し待ってから、もう一度実行してください。",
        _NOT_RUN_EN
        + " The record office cannot be reached, and nothing runs without a record. Wait a moment and run it again.",
    ),
    Sentence(
        "record_no_answer",
        _NOT_RUN_JA + "3 秒以内に記録が確認できませんでした。少し待ってから、もう一度実行してください。",
        _NOT_RUN_EN + " It was not confirmed as recorded within 3 seconds. Wait a moment and run it again.",
    ),
    Sentence(
        "record_refused",
        _NOT_RUN_JA + "記録係が受け付けませんでした。ワークスペースを開き直してください。",
        _NOT_RUN_EN + " The record office did not accept it. Open the workspace again.",
    ),
    Sentence(
        "cell_too_long",
        _NOT_RUN_JA + "セルが長すぎます(256 kB まで)。分けてください。",
        _NOT_RUN_EN + " The cell is too long (at most 256 kB). Split it.",
    ),
    Sentence(
        "interrupted",
        _NOT_RUN_JA + "記録される前に中断されました。",
        _NOT_RUN_EN + " It was interrupted before it was recorded.",
    ),
    Sentence(
        "cell_before_refused",
        _NOT_RUN_JA + "前のセルが実行されませんでした。",
        _NOT_RUN_EN + " A cell before it was not run.",
    ),
    Sentence(
        "kernel_gone",
        _NOT_RUN_JA + "カーネルが終了または再起動しました。",
        _NOT_RUN_EN + " The kernel ended or was restarted.",
    ),
    Sentence(
        "output_cut",
        "[出力が長いため、ここで打ち切りました]",
        "[the output was too long and was cut here]",
    ),
    Sentence(
        "output_withheld",
        "[この種類または大きさの出力は表示されません]",
        "[output of this kind or size is not shown]",
    ),
    Sentence(
        "not_available",
        "この環境では利用できません。",
        "This is not available in this environment.",
    ),
    Sentence(
        "draft_unreadable",
        "提出フォルダの request.json が読めません。",
        "The request.json of the submission cannot be read.",
    ),
    Sentence(
        "draft_not_plain",
        "提出できるのは通常のファイルだけです(リンク、パイプ、二重リンクは不可)。",
        "Only plain files can be submitted (no links, pipes or files with two names).",
    ),
    Sentence(
        "draft_too_large",
        "ファイルが大きすぎます(1 件 16 MB、合計 64 MB まで)。集計してください。",
        "The files are too large (16 MB each and 64 MB together at most). Aggregate them.",
    ),
    Sentence(
        "draft_refused",
        "受付で断られました。内容を確認し、新しく提出してください。",
        "Intake refused the submission. Check it and submit it again.",
    ),
)

SENTENCES: Final[Mapping[str, Sentence]] = MappingProxyType({one.code: one for one in _ALL})


def sentence(code: str) -> Sentence:
    """Give the sentence of a code; an unknown code is a fault of ours."""
    return SENTENCES[code]
