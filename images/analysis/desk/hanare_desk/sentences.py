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
        "display_over",
        "[表示できる量の上限に達したため、この出力は表示されません。集計して小さくするか、持ち出し申請をするか、"
        "次の正時(1 日の上限なら翌日)まで待ってください]",
        "[this output is not shown: the limit is reached. Aggregate it, request a release, or wait for the next full hour,"
        " or the next day]",
    ),
    Sentence(
        "display_away",
        "[表示量を記録できないため、この出力は表示されません。少し待ってから、もう一度実行してください]",
        "[this output is not shown, because what is shown could not be recorded. Wait a moment and run it again]",
    ),
    Sentence(
        "no_such_file",
        "そのファイルやフォルダはありません。",
        "There is no such file or folder.",
    ),
    Sentence(
        "file_kind",
        "この種類のファイルは、ここでは開けません。ノートブックとテキスト(py、r、md、txt、sql、yaml、toml)だけです。",
        "This kind of file is not opened here, only notebooks and text (py, r, md, txt, sql, yaml, toml).",
    ),
    Sentence(
        "file_too_large",
        "大きすぎて、ここでは開けません(テキストは 256 kB、ノートブックは 4 MB まで)。",
        "It is too large to be opened here (text up to 256 kB, notebooks up to 4 MB).",
    ),
    Sentence(
        "too_much_incoming",
        "大きすぎて、ブラウザから持ち込めません(256 kB まで。この環境が表示した図は数えません)。"
        "出力を消すか、分けてください。",
        "It is too large to come in through the browser (at most 256 kB, not counting pictures shown here)."
        " Clear outputs or split it.",
    ),
    Sentence(
        "no_attachments",
        "セルに貼り付けたファイルや画像は保存できません。貼り付けを消してください。",
        "Files and pictures that are attached to a cell cannot be saved. Remove the attachment.",
    ),
    Sentence(
        "file_unreadable",
        "UTF-8 のテキスト、または第 4 版のノートブックではありません。",
        "It is not text in UTF-8, or not a notebook of version 4.",
    ),
    Sentence(
        "file_over",
        "表示できる量の上限に達したため、開けません。集計して小さくするか、次の正時(1 日の上限なら翌日)まで"
        "待ってください。",
        "It is not opened: the limit is reached. Aggregate it, or wait for the next full hour, or the next day.",
    ),
    Sentence(
        "file_away",
        "表示量を記録できないため、いまは開けません。少し待ってから、もう一度試してください。",
        "It is not opened, because what is shown could not be recorded. Wait a moment and try again.",
    ),
    Sentence(
        "file_not_recorded",
        "記録できなかったため、何も行いませんでした。少し待ってから、もう一度試してください。",
        "It could not be recorded, so nothing was done. Wait a moment and try again.",
    ),
    Sentence(
        "name_taken",
        "その名前はすでに使われています。",
        "This name is taken.",
    ),
    Sentence(
        "disk_full",
        "ワークスペースのディスクがいっぱいです。ファイルを消すか、運用者に相談してください。",
        "The disk of this workspace is full. Remove files, or ask the operator.",
    ),
    Sentence(
        "file_not_done",
        "できませんでした。フォルダは、空にしてから消してください。",
        "It was not done. A folder has to be empty before it is removed.",
    ),
    Sentence(
        "kernel_not_started",
        "カーネルを起動できませんでした。使っていないカーネルを終了し、もう一度試してください。",
        "The kernel was not started. End kernels that you do not use and try again.",
    ),
    Sentence(
        "http_not_understood",
        "要求が正しくありません。",
        "The request was not understood.",
    ),
    Sentence(
        "http_not_found",
        "見つかりません。",
        "It was not found.",
    ),
    Sentence(
        "http_failed",
        "失敗しました。ページを読み込み直し、続くようなら運用者に相談してください。",
        "It failed. Load the page again, and ask the operator if it goes on.",
    ),
    Sentence(
        "meter_half",
        "表示できる量の半分を使いました。",
        "Half of what may be shown is used.",
    ),
    Sentence(
        "meter_most",
        "表示できる量の 8 割を使いました。集計した結果だけを表示してください。",
        "80 % of what may be shown is used. Show aggregated results only.",
    ),
    Sentence(
        "meter_all",
        "表示できる量を使い切りました。さらに表示しようとすると計算が一時停止されます。次の正時"
        "(1 日の上限なら翌日)まで待ってください。",
        "All of what may be shown is used; showing more pauses your compute. Wait for the next full hour, or the next day.",
    ),
    Sentence(
        "meter_away",
        "記録係に接続できません。つながるまで、実行も表示もできません。",
        "The record office cannot be reached. Nothing runs and nothing is shown until it answers.",
    ),
    Sentence(
        "meter_disk",
        "ワークスペースのディスクが残りわずかです。ファイルを消してください。",
        "The disk of this workspace is nearly full. Remove files.",
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
        "check_slow",
        "事前チェックに時間がかかっています。あとでもう一度お試しください。",
        "The check takes long. Try again later.",
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
