"""Given names by sex and time of birth, names from abroad, and the syllables of kana in Latin letters."""

_OLD_F = """
和子カズコ 幸子サチコ 節子セツコ 洋子ヨウコ 千代チヨ 文子フミコ 久子ヒサコ 芳子ヨシコ 静子シズコ ハナハナ キヨキヨ トシ子トシコ 美代子ミヨコ 花子ハナコ
信子ノブコ 貞子サダコ 君子キミコ 恵子ケイコ 京子キョウコ 弘子ヒロコ
"""
_OLD_M = """
清キヨシ 茂シゲル 勇イサム 三郎サブロウ 正マサシ 実ミノル 進ススム 勝マサル 弘ヒロシ 昭アキラ 武タケシ 博ヒロシ 豊ユタカ 功イサオ 太郎タロウ 和夫カズオ
正雄マサオ 義雄ヨシオ 幸雄ユキオ 昭二ショウジ
"""
_MIDDLE_F = """
真由美マユミ 由美子ユミコ 明美アケミ 直美ナオミ 智子トモコ 陽子ヨウコ 久美子クミコ 裕子ユウコ 美穂ミホ 恵メグミ 香織カオリ 美香ミカ 花子ハナコ 綾アヤ
愛アイ 麻衣マイ 千春チハル 典子ノリコ 純子ジュンコ 理恵リエ
"""
_MIDDLE_M = """
健一ケンイチ 誠マコト 隆タカシ 浩ヒロシ 大輔ダイスケ 剛ツヨシ 直樹ナオキ 哲也テツヤ 学マナブ 健太ケンタ 和也カズヤ 英樹ヒデキ 修オサム 達也タツヤ
洋介ヨウスケ 聡サトシ 太郎タロウ 淳ジュン 徹トオル 康弘ヤスヒロ
"""
_YOUNG_F = """
陽菜ヒナ 結衣ユイ 美咲ミサキ さくらサクラ 凛リン 葵アオイ 莉子リコ 花ハナ 杏アン 七海ナナミ 心春コハル 美桜ミオ 結菜ユナ 芽依メイ 楓カエデ 琴音コトネ 優奈ユウナ
彩花アヤカ 千尋チヒロ 紬ツムギ
"""
_YOUNG_M = """
翔太ショウタ 蓮レン 悠真ユウマ 大翔ヒロト 湊ミナト 陽翔ハルト 樹イツキ 悠斗ユウト 颯太ソウタ 朝陽アサヒ 拓海タクミ 陸リク 海斗カイト 優斗ユウト 律リツ 翼ツバサ
駿シュン 奏カナデ 匠タクミ 直人ナオト
"""
GIVEN_A_COHORT = 20


def _pairs(words: str) -> list[tuple[str, str]]:
    """Name and kana of written-together pairs: the longest katakana ending that can be a reading."""
    found = []
    for word in words.split():
        place = len(word)
        while place > 1 and "ァ" <= word[place - 1] <= "ー":
            place -= 1
        name = word[:place]
        if "ァ" <= name <= "ヺ" and len(name) == 1:  # a name in kana, written twice
            name = word[: len(word) // 2]
        found.append((name, word[len(name) :]))
    return found


GIVEN: tuple[tuple[str, str], ...] = tuple(
    pair for words in (_OLD_M, _MIDDLE_M, _YOUNG_M, _OLD_F, _MIDDLE_F, _YOUNG_F) for pair in _pairs(words)
)
"""Men by cohort, then women by cohort, ``GIVEN_A_COHORT`` each: name and kana."""
COHORTS_BEGIN = (1955, 1988)
"""The years of birth in which the second and the third cohort begin."""

ABROAD_FAMILY = [
    "グエン",
    "チャン",
    "レ",
    "ファム",
    "キム",
    "パク",
    "リ",
    "チェン",
    "ワン",
    "リウ",
    "スミス",
    "ジョンソン",
    "ガルシア",
    "サントス",
    "シルバ",
    "ムハンマド",
    "クマール",
    "シャルマ",
    "タパ",
    "ペレイラ",
]
ABROAD_GIVEN = [
    "ラン",
    "フォン",
    "ミン",
    "ティ",
    "ジウ",
    "ミンジュン",
    "ウェイ",
    "リン",
    "ジョン",
    "メアリー",
    "マリア",
    "ジョゼ",
    "カルロス",
    "アナ",
    "アリ",
    "ファティマ",
    "ラジ",
    "プリヤ",
    "ビシュヌ",
    "アンジェラ",
]
SINGLE = ["スカルノ", "スハルト", "サリ", "デウィ", "アグス", "プトリ", "ティン", "ミャ"]

_LATIN = [
    "ア",
    "a",
    "イ",
    "i",
    "ウ",
    "u",
    "エ",
    "e",
    "オ",
    "o",
    "カ",
    "ka",
    "キ",
    "ki",
    "ク",
    "ku",
    "ケ",
    "ke",
    "コ",
    "ko",
    "サ",
    "sa",
    "シ",
    "shi",
    "ス",
    "su",
    "セ",
    "se",
    "ソ",
    "so",
    "タ",
    "ta",
    "チ",
    "chi",
    "ツ",
    "tsu",
    "テ",
    "te",
    "ト",
    "to",
    "ナ",
    "na",
    "ニ",
    "ni",
    "ヌ",
    "nu",
    "ネ",
    "ne",
    "ノ",
    "no",
    "ハ",
    "ha",
    "ヒ",
    "hi",
    "フ",
    "fu",
    "ヘ",
    "he",
    "ホ",
    "ho",
    "マ",
    "ma",
    "ミ",
    "mi",
    "ム",
    "mu",
    "メ",
    "me",
    "モ",
    "mo",
    "ヤ",
    "ya",
    "ユ",
    "yu",
    "ヨ",
    "yo",
    "ラ",
    "ra",
    "リ",
    "ri",
    "ル",
    "ru",
    "レ",
    "re",
    "ロ",
    "ro",
    "ワ",
    "wa",
    "ヲ",
    "o",
    "ン",
    "n",
    "ガ",
    "ga",
    "ギ",
    "gi",
    "グ",
    "gu",
    "ゲ",
    "ge",
    "ゴ",
    "go",
    "ザ",
    "za",
    "ジ",
    "ji",
    "ズ",
    "zu",
    "ゼ",
    "ze",
    "ゾ",
    "zo",
    "ダ",
    "da",
    "ヂ",
    "ji",
    "ヅ",
    "zu",
    "デ",
    "de",
    "ド",
    "do",
    "バ",
    "ba",
    "ビ",
    "bi",
    "ブ",
    "bu",
    "ベ",
    "be",
    "ボ",
    "bo",
    "パ",
    "pa",
    "ピ",
    "pi",
    "プ",
    "pu",
    "ペ",
    "pe",
    "ポ",
    "po",
    "ヴ",
    "vu",
    "ー",
    "",
]
_SYLLABLES = dict(zip(_LATIN[::2], _LATIN[1::2], strict=False))
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}


def latin(kana: str) -> str:
    """Katakana in Latin letters, long vowels written out as kana has them."""
    out = ""
    double = False
    for letter in kana:
        if letter == "ッ":
            double = True
            continue
        if letter in _SMALL and out:
            stem = out[:-1] if out[-1] in "iueo" else out
            glide = "" if stem.endswith(("sh", "ch", "j")) or letter not in "ャュョ" else "y"
            out = stem + glide + _SMALL[letter]
            continue
        syllable = _SYLLABLES.get(letter, "")
        out += (syllable[:1] if double else "") + syllable
        double = False
    return out
