"""What the kit says to the researcher, in both languages. Codes are stable; sentences are not.

A message says what to do next, and never holds a value of the data or the key.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "no_key": (
            "このカーネルにはデータの鍵がありません。カーネルを再起動してください(サブプロセスではなく、ノートブックから呼び出してください)。",
            "This kernel was not given the data key. Restart the kernel (and call this from the notebook, not from a subprocess).",
        ),
        "no_extract": (
            "データが見つかりません。ワークスペースを開き直してください。",
            "There is no extract here. Open the workspace again.",
        ),
        "extract_unreadable": (
            "データを開けません。鍵が合わないか、ファイルが壊れています。運用者に連絡してください。",
            "The extract cannot be opened: the key does not fit, or the file is damaged. Tell the operator.",
        ),
        "no_files": (
            "提出するファイルがありません。",
            "There is no file to submit.",
        ),
        "too_many_files": (
            "一度に提出できるのは {limit} 件までです。",
            "At most {limit} files can be submitted at a time.",
        ),
        "unfit_name": (
            "ファイル名「{name}」は使えません。フォルダや先頭のピリオドを含まない名前にしてください。",
            "The file name “{name}” cannot be used. Give a plain name without folders or a leading dot.",
        ),
        "name_twice": (
            "同じ名前のファイルが 2 つあります:「{name}」。",
            "Two files have the same name: “{name}”.",
        ),
        "not_a_file": (
            "「{name}」は通常のファイルではありません。",
            "“{name}” is not a plain file.",
        ),
        "too_large": (
            "「{name}」が大きすぎます({limit} MB まで)。集計してください。",
            "“{name}” is too large (at most {limit} MB). Aggregate it.",
        ),
        "table_as_csv": (
            "表は csv として提出します。名前を「.csv」で終わらせてください:「{name}」。",
            "A table is submitted as csv. End its name with “.csv”: “{name}”.",
        ),
        "unfit_columns": (
            "表「{name}」の見出しが 2 段になっています。1 段にしてください。",
            "The table “{name}” has more than one header row. Give it one.",
        ),
        "unfit_content": (
            "「{name}」の中身は、ファイルのパス、表(DataFrame)、文字列のいずれかにしてください。",
            "Give “{name}” as a path, a table (DataFrame) or a text.",
        ),
        "unfit_title": (
            "題名(1〜200 文字)と、何を示すかの説明(1〜10,000 文字)を書いてください。",
            "Give a title (1 to 200 characters) and say what it shows (1 to 10,000 characters).",
        ),
        "placed": (
            "提出しました(番号 {draft_id})。ポータルで内容のハッシュを確認すると、審査が始まります。",
            "Submitted (number {draft_id}). Confirm the hashes in the portal, and the review begins.",
        ),
        "unfit_sql": (
            "「{name}」の SQL を使えません。提出するファイルの名前と、{limit} 文字以内の SELECT 文を指定してください。",
            "The SQL for “{name}” cannot be used. Name a file that is submitted, and a SELECT of at most {limit} characters.",
        ),
        "too_many_to_check": (
            "一度にチェックできるのは {limit} 件までです。",
            "At most {limit} files can be checked at a time.",
        ),
        "unknown_remedy": (
            "修正方法は次のいずれかです:{known}",
            "A remedy is one of: {known}",
        ),
        "no_remedy": (
            "「{remedy}」で直せるファイルはありません。check() が示した方法を使ってください。",
            "No file can be mended by “{remedy}”. Use a remedy that check() offers.",
        ),
        "mended": (
            "修正案を書きました(未提出):{path}",
            "A mended draft was written (not handed in): {path}",
        ),
        "check_away": (
            "事前チェックの答えが届きません。しばらくしてからお試しください。",
            "The check does not answer. Try again in a while.",
        ),
        "work_full": (
            "ワークスペースのディスク(/work)がいっぱいです。不要なファイルを削除してから、もう一度お試しください。",
            "The disk of your workspace (/work) is full. Delete files that you no longer need, then try again.",
        ),
        "outbox_unusable": (
            "提出用フォルダに書き込めません。ワークスペースを開き直してください。",
            "The outbox cannot be written. Open the workspace again.",
        ),
    },
)


def say(code: str, **values: str | int) -> str:
    """Give the sentence in both languages, Japanese first."""
    ja, en = _SENTENCES[code]
    return f"{ja.format(**values)}\n{en.format(**values)}"


class KitError(Exception):
    """Something that the researcher can act on; ``code`` is stable."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(say(code, **values))
        self.code = code
