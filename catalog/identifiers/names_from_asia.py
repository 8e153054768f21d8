"""Korean and Chinese names that need no dictionary: 김하윤, 马海涛, 林 瑞妍, Kim Sang-cheol.

1. Two to four syllables of Hangul that begin with a family name of Korea.
2. A run of kanji with one that Japanese does not write (simplified ones), that begins with a family name of China
   or stands before a title.
3. A family name of China or Korea in kanji, a blank, and one or two kanji that given names there are made of, unless
   the dictionary knows the whole as one word.
4. In Latin letters a family name of Korea with a given name of two Korean syllables, joined, with a hyphen or a
   blank, in either order.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.identifiers.name_words import ENGLISH, KANJI_ABROAD
from catalog.identifiers.names_japanese import Claim, alone, title_behind
from catalog.identifiers.word_kinds import NAMES_OF_PEOPLE
from catalog.identifiers.worded_text import WordedText

_FORM = "abroad"
_HANGUL = re.compile(r"(?<![가-힣])[가-힣]{1,2} ?[가-힣]{1,3}(?![가-힣])")
_KOREAN_HANGUL = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편나라란림"
)
_TWO_SYLLABLES = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문")
_PLACES = ("한국", "서울", "부산", "대한", "조선", "환자", "병원")
_SIMPLIFIED = frozenset("张刘陈杨赵黄吴孙马郭罗郑谢许邓冯萧叶苏吕卢蒋贾韦钟谭陆邹钱龙贺顾龚邵严莫汤阎魏薛简")
_COMPOUND = frozenset(
    {"欧阳", "司马", "诸葛", "东方", "皇甫", "夏侯", "上官", "尉迟", "司徒", "欧陽", "司馬", "諸葛"}
)
_RUN = re.compile(r"[㐀-鿿]{2,12}")
_BLANK = re.compile(r"(?<=[㐀-鿿])[ \u3000](?=[㐀-鿿])")
_A_FEW = re.compile(r"[㐀-鿿]{1,3}")
GIVEN_IN_ASIA = frozenset(
    "偉芳娜敏静秀英麗強磊軍洋勇艶傑濤明超蘭霞平剛桂華国建志海玉俊文博宇軒浩然梓涵欣怡雨晨曦思雪梅紅燕鵬飛峰鑫波斌輝春慶徳永福貴成忠義仁愛瑞妍河潤恵"
    "珍淑善美賢哲鎬勲珉炫智延姫順京植泰容鎮銀貞淑熙雅莉莎婷倩雲鳳凰琴琳琪瑶璐佳嘉家豪凱健康宏志遠達利民衛東紅星躍進学友徳華成龍小明暁東佩君詩"
    "涵若曦子睿奕辰希妤承恩柏宥翔品玲晴敬凡冰倫杰凌霖薇蕾蓉萍珊珠璇茜菲菁蓮錦洪江正光耀祥瑋彤翰聖吉祖新友培根勤権洙鉉宣旭昌錫榮栄植珍熙姬妃圭基奎東赫在"
)
"""Kanji of which given names in China, Taiwan and Korea are made."""
_KOREAN = frozenset(
    [
        "kim",
        "lee",
        "yi",
        "rhee",
        "park",
        "pak",
        "choi",
        "choe",
        "jung",
        "jeong",
        "chung",
        "kang",
        "cho",
        "jo",
        "yoon",
        "yun",
        "jang",
        "chang",
        "lim",
        "im",
        "rim",
        "han",
        "oh",
        "seo",
        "suh",
        "shin",
        "kwon",
        "hwang",
        "ahn",
        "an",
        "song",
        "ryu",
        "yoo",
        "yu",
        "you",
        "jeon",
        "jun",
        "hong",
        "ko",
        "koh",
        "go",
        "moon",
        "mun",
        "yang",
        "son",
        "sohn",
        "bae",
        "baek",
        "paik",
        "heo",
        "hur",
        "huh",
        "nam",
        "shim",
        "sim",
        "noh",
        "roh",
        "ha",
        "kwak",
        "sung",
        "seong",
        "cha",
        "joo",
        "ju",
        "woo",
        "koo",
        "gu",
        "ku",
        "min",
        "jin",
        "ji",
        "chi",
        "uhm",
        "eom",
        "chae",
        "won",
        "bang",
        "pang",
        "kong",
        "gong",
        "hyun",
        "ham",
        "byun",
        "yeom",
        "namgung",
        "cheon",
        "chun",
        "pyo",
    ]
)
_SYLLABLE = (
    "(?:jeong|jung|sung|seung|seong|seok|suk|sook|sang|cheol|chul|young|yeong|hee|hui|bok|soon|sun|seon|jun|joon|hyun|hyeon|min|jin|woo|eun|ji|hye|kyung|kyeong|gyeong|mi|ja|kyu|gyu"
    "|tae|dong|jae|won|yoon|yun|ah|in|geun|keun|hoon|hun|ki|gi|sik|shik|yong|ho|hwa|hyo|su|soo|seo|so|yeon|youn|yu|yoo|bin|rin|ra|na|da|ha|hyung|byung|byeong|chan|chang|chun"
    "|do|duk|deok|han|hak|hwan|il|jong|joo|ju|kang|kwang|gwang|man|moon|mun|myung|myeong|nam|rae|ran|ri|rim|se|seul|shin|sin|sup|seop|taek|wook|uk|wan|yang|ye|yeop|ok|ae|ran|sil)"
)
_ANY_SYLLABLE = "(?:ch|kk|tt|pp|ss|jj|sh|[bcdghjklmnprstwy])?(?:yeo|yae|you|eo|eu|ae|ui|oe|wa|wo|we|wi|ya|yo|yu|ye|oo|ou|ee|a|e|i|o|u)(?:ng|n|m|l|k|p|t|h|r|b|g)?"
_GIVEN = re.compile(rf"{_SYLLABLE}{_SYLLABLE}|{_ANY_SYLLABLE}[- ]{_ANY_SYLLABLE}", re.IGNORECASE)
_LATIN = re.compile(
    r"(?<![A-Za-z])(?:(?P<first>[A-Z][A-Za-z]{0,7})[ ,_^]{1,2}(?P<behind>[A-Z][A-Za-z]{1,6}[- ][A-Za-z]{1,6}|[A-Z][A-Za-z]{3,11})"
    r"|(?P<before>[A-Z][A-Za-z]{1,6}[- ][A-Za-z]{1,6}|[A-Z][A-Za-z]{3,11})[ _^](?P<last>[A-Z][A-Za-z]{0,7}))(?![A-Za-z-])"
)


def find_from_asia(worded: WordedText) -> Iterator[Claim]:
    """Names of the four kinds above."""
    yield from _in_hangul(worded)
    yield from _simplified(worded)
    yield from _spaced(worded)
    yield from _in_latin(worded.text)


def _in_hangul(worded: WordedText) -> Iterator[Claim]:
    for found in _HANGUL.finditer(worded.text):
        written = found.group().replace(" ", "")
        if written.startswith(_PLACES):
            continue
        family = written[0] in _KOREAN_HANGUL or written.startswith(_TWO_SYLLABLES)
        sure = len(written) == 3 or written.startswith(_TWO_SYLLABLES)
        if family and (sure or title_behind(worded, found.end()) or alone(worded, *found.span())):
            yield Claim(*found.span(), _FORM, 600)


@lru_cache(maxsize=5_000)
def _is_written_in_japan(kanji: str) -> bool:
    """Whether the character sets of Japan hold a kanji."""
    try:
        kanji.encode("shift_jisx0213")
    except UnicodeEncodeError:
        return False
    return True


def _simplified(worded: WordedText) -> Iterator[Claim]:
    text = worded.text
    for run in _RUN.finditer(text):
        if all(map(_is_written_in_japan, run.group())):
            continue
        for start in range(run.start(), run.end() - 1):
            first, two = text[start], text[start : start + 2]
            if (
                two not in _COMPOUND
                and first not in _SIMPLIFIED
                and first not in KANJI_ABROAD
                and two not in KANJI_ABROAD
            ):
                continue
            end = min(run.end(), start + (4 if two in _COMPOUND else 3))
            if not all(map(_is_written_in_japan, text[start:end])):
                yield Claim(start, end, _FORM, 600)
                break


def _spaced(worded: WordedText) -> Iterator[Claim]:
    text = worded.text
    for place in _BLANK.finditer(text):
        for size in (2, 1):
            start = place.start() - size
            family = text[max(start, 0) : place.start()]
            if (
                start < 0
                or len(family) != size
                or family not in KANJI_ABROAD
                or not worded.begins_word(start)
            ):
                continue
            given = _A_FEW.match(text, place.end())
            if given and _is_given(worded, start, place.end(), given.group()):
                end = place.end() + min(len(given.group()), 2)
                yield Claim(start, end, _FORM, 500)
                break


def _is_given(worded: WordedText, start: int, second: int, run: str) -> bool:
    """Whether the kanji behind a blank are a given name there."""
    text = worded.text
    size = min(len(run), 2)
    end = second + size
    if len(run) > 2 and not title_behind(worded, end):
        size = 1 if title_behind(worded, second + 1) else 0
        end = second + size
    if not size or not all(letter in GIVEN_IN_ASIA for letter in text[second:end]):
        return False
    joined = (text[start : second - 1] + text[second:end]).strip()
    words = worded.tokeniser.words(joined)
    one_word = len(words) == 1 and words[0].known and words[0].kind not in NAMES_OF_PEOPLE
    return not one_word


def _in_latin(text: str) -> Iterator[Claim]:
    place = 0
    while found := _LATIN.search(text, place):
        family = found["first"] or found["last"]
        given = found["behind"] or found["before"]
        words = [family, *re.split("[- ]", given)]
        english = sum(word.lower() in ENGLISH for word in words)
        made = "-" in given or english < max(2, len(words) - 1)
        if made and family.lower() in _KOREAN and _GIVEN.fullmatch(given):
            yield Claim(*found.span(), _FORM, 700)
            place = found.end()
        else:
            place = found.start() + 1
