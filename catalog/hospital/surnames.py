"""Family names with their reading and how often they are met.

The first are the commonest of the country with their rough share in ten thousand; a few rare
ones that exist follow. The long tail is made of two parts that real names are made of, with a
weight that falls by e every 400 names, so that in a hospital of any size at least three
surnames of ten are borne by fewer than ten people: a rare name is an identifier by itself.
"""

from functools import cache

import numpy as np

from catalog.hospital.coded import Reals

_COMMON = """
佐藤サトウ150 鈴木スズキ140 高橋タカハシ110 田中タナカ105 伊藤イトウ85 渡辺ワタナベ84 山本ヤマモト83 中村ナカムラ82 小林コバヤシ81
加藤カトウ70 吉田ヨシダ65 山田ヤマダ64 佐々木ササキ53 山口ヤマグチ50 松本マツモト49 井上イノウエ48 木村キムラ45 林ハヤシ43 斎藤サイトウ42
清水シミズ41 山崎ヤマザキ37 森モリ36 池田イケダ35 橋本ハシモト35 阿部アベ34 石川イシカワ33 山下ヤマシタ33 中島ナカジマ32 石井イシイ31
小川オガワ31 前田マエダ30 岡田オカダ30 長谷川ハセガワ30 藤田フジタ29 後藤ゴトウ29 近藤コンドウ29 村上ムラカミ28 遠藤エンドウ27 青木アオキ26
坂本サカモト26 斉藤サイトウ25 福田フクダ25 太田オオタ25 西村ニシムラ24 藤井フジイ24 金子カネコ23 岡本オカモト23 藤原フジワラ23 三浦ミウラ22
中野ナカノ22 中川ナカガワ22 原田ハラダ22 松田マツダ21 竹内タケウチ21 小野オノ21 田村タムラ21 中山ナカヤマ20 和田ワダ20 石田イシダ20 髙木タカギ20
森田モリタ19 上田ウエダ19 原ハラ19 内田ウチダ18 柴田シバタ18 酒井サカイ18 宮崎ミヤザキ18 横山ヨコヤマ18 高木タカギ17 安藤アンドウ17 宮本ミヤモト17
大野オオノ16 小島コジマ16 工藤クドウ16 谷口タニグチ16 今井イマイ16 高田タカダ15 増田マスダ15 丸山マルヤマ15 杉山スギヤマ15 村田ムラタ15 大塚オオツカ15
新井アライ14 小山コヤマ14 平野ヒラノ14 藤本フジモト14 河野コウノ14 上野ウエノ14 武田タケダ14 野口ノグチ14 松井マツイ13 千葉チバ13 菅原スガワラ13
岩崎イワサキ13 久保クボ13 木下キノシタ13 佐野サノ13 野村ノムラ13 松尾マツオ12 市川イチカワ12 菊地キクチ12 杉本スギモト12 五十嵐イガラシ12
御手洗ミタライ3 勅使河原テシガワラ1 小鳥遊タカナシ1 四月一日ワタヌキ1 東海林ショウジ4 服部ハットリ9 土方ヒジカタ2 百目鬼ドウメキ1 鴨志田カモシダ2
"""
_FIRST = """
石イシ 大オオ 小オ 上ウエ 下シモ 中ナカ 北キタ 南ミナミ 西ニシ 東ヒガシ 高タカ 竹タケ 松マツ 梅ウメ 杉スギ 森モリ 山ヤマ 川カワ 野ノ 原ハラ 池イケ 岡オカ
谷タニ 島シマ 浜ハマ 村ムラ 宮ミヤ 神カミ 寺テラ 堀ホリ 橋ハシ 水ミズ 清キヨ 白シロ 黒クロ 赤アカ 青アオ 金カネ 玉タマ 福フク 長ナガ 広ヒロ 深フカ 浅アサ
荒アラ 新ニイ 古フル 若ワカ 吉ヨシ 富トミ 安ヤス 平ヒラ 藤フジ 柳ヤナギ 桜サクラ 菊キク 熊クマ 鳥トリ 鶴ツル 亀カメ 馬ウマ 猪イノ 鹿シカ 牛ウシ 岩イワ
砂スナ 土ツチ 滝タキ 泉イズミ 湯ユ 塩シオ 米ヨネ 麦ムギ 豊トヨ 稲イナ 細ホソ 丸マル 片カタ 市イチ 今イマ 春ハル 夏ナツ 秋アキ 星ホシ 月ツキ
"""
_SECOND = """
田ダ 川カワ 山ヤマ 村ムラ 本モト 井イ 野ノ 沢ザワ 島シマ 崎サキ 木キ 原ハラ 谷タニ 口グチ 橋バシ 倉クラ 瀬セ 戸ト 内ウチ 上ウエ 下シタ 岡オカ 塚ツカ 浦ウラ
尾オ 江エ 津ツ 見ミ 宮ミヤ 坂サカ 森モリ 林バヤシ 池イケ 屋ヤ 永ナガ 松マツ 部ベ 場バ 畑ハタ 根ネ 葉ハ 辺ベ 中ナカ 藤フジ 浜ハマ 杉スギ 岩イワ 越コシ
"""
_FALLS_BY_E = 400
_TAIL = 10_000


def _split(word: str) -> tuple[str, str]:
    """Kanji and kana of a written-together pair."""
    place = next(n for n, letter in enumerate(word) if "ァ" <= letter <= "ヺ" and letter not in "々ヶ")
    return word[:place], word[place:]


@cache
def all_surnames() -> tuple[tuple[str, ...], tuple[str, ...], Reals]:
    """Kanji, kana and share of every surname."""
    names: dict[str, tuple[str, float]] = {}
    for word in _COMMON.split():
        digits = word.lstrip("".join(set(word) - set("0123456789")))
        kanji, kana = _split(word.removesuffix(digits))
        names[kanji] = (kana, float(digits))
    head = sum(weight for _, weight in names.values())
    pairs = [
        (n * len(_SECOND.split()) + m, first, second)
        for n, first in enumerate(map(_split, _FIRST.split()))
        for m, second in enumerate(map(_split, _SECOND.split()))
        if first[0] != second[0]
    ]
    step = (_TAIL - head) / _FALLS_BY_E
    pairs.sort(key=lambda pair: (pair[0] * 2_654_435_761) % 2**32)
    for rank, (_, first, second) in enumerate(pairs):
        names.setdefault(
            first[0] + second[0], (first[1] + second[1], step * float(np.exp(-rank / _FALLS_BY_E)))
        )
    weights = np.array([weight for _, weight in names.values()])
    return tuple(names), tuple(kana for kana, _ in names.values()), weights / weights.sum()
