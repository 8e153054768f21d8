"""Family and given names that the dictionary of the tokeniser does not hold, each with its reading.

Written from memory by the authors of this house: old families, and given names of children born since
about 2010. No list of somebody else's was copied. Add a name here when one is missed.
"""

from collections.abc import Iterator

from catalog.identifiers.name_book import Entry
from catalog.identifiers.word_kinds import WordKind

_FAMILY = """
東雲シノノメ 七種サエグサ 八月一日ホズミ 安居院アグイ 鍛冶カジ 花山院カザンイン 善法寺ゼンポウジ
欅ケヤキ 櫻木サクラギ 御影ミカゲ 蛇草ハグサ 雲雀ヒバリ 不知火シラヌイ 大豆生田オオマメウダ 左衛門佐サエモンノスケ 凪ナギ 渚ナギサ
砂川スナガワ
"""
_GIVEN = """
陽翔ハルト 朝陽アサヒ 優斗ユウト 心春コハル 琉生ルイ 蒼アオ 暖ダン 律希リツキ 凪ナギ 陽向ヒナタ 蒼空ソラ 右京ウキョウ 権蔵ゴンゾウ 心愛ココア 莉央リオ
凜々愛リリア 琉花ルカ 撫子ナデシコ 結月ユヅキ 紬葵ツムギ 咲茉エマ 碧斗アオト 湊斗ミナト 颯真ソウマ 颯人ハヤト 颯斗ハヤト 大晴タイセイ 大河タイガ 悠翔ハルト
奏汰カナタ 煌キラ 煌斗アキト 晴翔ハルト 遥斗ハルト 遥翔ハルト 春翔ハルト 陽大ハルト 楽ガク 玲央レオ 怜央レオ 心音ココネ 心結ミユ 心陽コハル 心咲ミサキ
彩葉イロハ 色葉イロハ 彩心アコ 華乃カノ 叶愛トア 叶翔カナト 乃愛ノア 陽莉ヒマリ 莉愛リア 凜花リンカ 瀬名セナ 柚葉ユズハ 優月ユヅキ 夕凪ユウナ 霧花キリカ
風花フウカ 颯季サツキ 嵐アラシ 来翔ライト 月ルナ 月菜ルナ 熊五郎クマゴロウ 石松イシマツ
"""


def more_names() -> Iterator[Entry]:
    """Writing, reading and kind of each."""
    for listed, kind in ((_FAMILY, WordKind.FAMILY), (_GIVEN, WordKind.GIVEN)):
        for word in listed.split():
            place = len(word)
            while "ァ" <= word[place - 1] <= "ー":
                place -= 1
            yield word[:place], word[place:], kind
