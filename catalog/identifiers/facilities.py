"""Hospitals and clinics by name.

1. A name ends in a word for an institution (病院, 医院, クリニック, 医療センター …) or starts with one (医療法人社団 …).
2. What only says which kind of institution is meant is none: 大学病院, 市中病院, 協力施設, 急性期病院, 当院, a list of types.
   A name has something of its own in front: a place, a person, a saint, a word in katakana.
3. A few houses are known by a short name alone; beside a word for care they count.
Names of institutions are for people to look at: authors' own affiliations are names as well.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import SHAPE
from catalog.identifiers.readings import Reading

KIND = "facility"
LONGEST = 26
"""Characters of the longest name that is read before the word for the institution."""
_WORD = r"[一-鿿々ヶケァ-ヶーｦ-ﾟ・0-9A-Za-zノ]"
_END = (
    r"(?:総合病院|附属病院|付属病院|病院|医院|クリニック|診療所|医療センター|メディカルセンター|がんセンター|循環器センター|小児センター|こども(?:病院|センター)|成育センター|リハビリテーションセンター|保健センター|健診センター|(?:成人病|循環器病|母子(?:保健)?|周産期|生活習慣病|呼吸器病?|小児医療|精神|リハビリ|医学|予防医学|検診|糖尿病|アレルギー|長寿医療|国際医療|感染症)(?:研究)?センター"
    r"|健康管理センター|透析センター|療養(?:所|園|センター)|サナトリウム|ホスピタル|産院|医療院|老健|介護老人保健施設|特別養護老人ホーム|歯科(?:医院|クリニック|診療所)?|薬局|助産院|訪問看護ステーション|ホスピス)"
)
_ENDING = re.compile(rf"{_END}(?:(?:{_WORD}){{1,6}}?(?:分院|本院|分室|病院))?")
_OWN = re.compile(
    rf"(?:{_WORD}|[ぁ-ん]{{2,6}}が(?=丘)|が(?=[丘浜崎])|の(?=[丘里森杜郷町])|(?<=[一-鿿])[つ](?=[一-鿿]))+$"
)
_HIRAGANA = re.compile(r"[ぁ-んー]{2,14}$")
_NOT_THE_NAME = re.compile(
    r".*[はがをにでへともの](?=.{2})|(?:および|ならびに|もしくは|または|あるいは|なお|また|から|より|まで|この|その|など|かつ|うち)+"
)
_GRAMMAR_END = re.compile(r"(?!.*(?:みなと|さと)$).*[のにはがをでとなるてたもへばくうえ]$")
_DEPARTMENT = re.compile(
    r"(?:眼科|小児科|産婦人科|産科|婦人科|皮膚科|耳鼻(?:咽喉)?科|内科|外科|整形外科|泌尿器科|精神科|心療内科|胃腸科|循環器科|消化器科|脳神経外科|形成外科|歯科)(?![学会医部系病領専的疾])"
)
_BEFORE_DEPARTMENT = re.compile(r"(?:^|[^一-鿿々ァ-ヶー])(?P<family>[一-鿿々]{2,3})$")
_FEWEST_HIRAGANA = 3
_EVERYDAY = re.compile(
    r".*(?:かかりつけ|ほか|すべて|あらゆる|おもに|とくに|まず|また|さらに|ただし|なお|および|あるいは|こども|こころ|からだ|いわゆる)|.*[しりれっ]"
)
"""Hiragana before a department that is no name."""
_DISEASE = re.compile(
    r".*(?:尿|臓|膚|動脈|血管|肝|腎|肺|心|染|難|持|指定|性|癩|結核|精神|ハンセン|てんかん)$"
)
_ENGLISH = re.compile(
    r"(?:(?:St\.?|Saint|[A-Z][A-Za-z'-]+)\s(?:[A-Z][A-Za-z'-]+\s|of\s|and\s|for\s|the\s|&\s){0,5})(?:Hospital|Clinic|Medical\sCent(?:er|re)|Infirmary|Cancer\sCent(?:er|re))(?![a-z])"
)
_GENERIC = re.compile(
    r"(?:(?:国立|公立|私立|市立|県立|都立|府立|道立|町立|村立|区立|民間|一般|大学|医科大学|医大|附属|付属|総合|専門|市中|地域|地方|地区|中核|基幹|拠点|協力|連携|関連|参加|参画|対象|調査|実施|登録|報告|提供|提出|当該|同一|同|他|各|別|複数|単一|全|多|両|本|当"
    r"|急性期|慢性期|回復期|療養型?|療養|精神科?|小児|産科|産婦人科|婦人科|眼科|歯科|内科|外科|整形外科|皮膚科|耳鼻科|泌尿器科|循環器科?|消化器科?|呼吸器科?|脳神経外科|放射線科|救急|救命|救命救急|リハビリテーション|リハビリ|リハ|労災|厚生|国立病院機構|社会保険|赤十字|日赤|共済|逓信|自衛隊|警察|都内|県内|市内|道内|府内|区内|町内|圏内|矯正|口腔|障害者|訪問|協会|医師会員?|ある|がん|癌|がん診療|診療|連携|支援|災害|特定機能|機能|地域医療|医療|高度|高度急性期|三次|二次|一次|初期|夜間|休日|在宅"
    r"|大規模|中規模|小規模|大|中|小|有床|無床|有料|保険|調剤|門前|院内|院外|指定|認定|教育|研修|臨床研修|臨床|研究|施設|開業|近隣|近|前|元|先|後|紹介元|紹介先|紹介|転院先|搬送先|受診|通院|入院|外来|治療|検査|検診|健診|所属|勤務|都市部|都市|郊外|農村|離島|僻地|へき地|日本の?|国内|海外|欧米|米国|わが国|我が国"
    r"|性|型|別|系|的|内|外|間|等|及び|または|又は|数|区分|種別|類型|規模|名|種|床|以上|未満|以下|施設数|[0-9,.]+(?:施設|か所|カ所|ヶ所|箇所|つ|の|床|次|名|人|年|月|日|例|件)?|[0-9A-Za-z]|DPC|ICU|NICU|HCU|NHO|JCHO|A|B|C|・|と|や|の|ー|第|連続|病院|医院|クリニック|診療所|薬局|センター|総数|ベース|データ|情報|患者|症例|同意|受診者|者|当院|在籍|規定|制度|法|医師|看護師|医薬分業|かかりつけ|かかり|つけ|主要|代表|標準|モデル|仮想|架空|匿名|非公開|関係|協力医療|共同|利用))+"
)
_LAW_TYPE = re.compile(
    r"(?:医療法人|社会医療法人|社会福祉法人|医療生協)(?:社団|財団)?[ 　]?[一-鿿々ァ-ヶー]{2,12}(?:会|団|学園|大学|機構)?"
)
_SHORT = re.compile(
    r"(?:(?<![一-鿿])(?!(?:国立|公立|市立|県立|医科|私立|医|私|他|各|某|全|両|当|同|総合|単科|附属|巨|最)大病院)[一-鿿]{1,3}大(?=病院)|国循|国がん(?:中央|東)?(?:病院)?|済生会(?:中央|横浜|熊本|福岡|吹田|宇都宮|新潟|川口)|がんセンター(?:中央|東)|聖マリ|女子医大|医科歯科大|日医大|慈大|東邦大|昭和大病院|杏林大|帝京大|聖路加|順天堂|虎の門|虎ノ門|慈恵医大|東大病院|京大病院|阪大病院|慶應病院|慶応病院|がん研有明|亀田総合|聖隷(?:浜松|三方原)|倉敷中央|国立がん研究センター|国立国際医療研究センター|国立循環器病研究センター|神戸中央市民|湘南鎌倉|手稲渓仁会|麻生飯塚|天理よろづ|近江八幡医療|防衛医大|自治医大|東京女子医大|藤田医大|日赤医療センター|武蔵野赤十字)"
    r"(?:病院|附属病院)?"
)
_HOMES = re.compile(
    r"(?:特別養護老人ホーム|養護老人ホーム|有料老人ホーム|介護老人保健施設|介護医療院|老健|特養|グループホーム|ケアハウス|デイサービスセンター|訪問看護ステーション)[ 　]?[「『]?"
    r"(?!(?:を|に|へ|で|が|は|の|と|も|や|から|より|など|における|による|として|および|または|ならびに|まで|など)(?![ぁ-ん]{2}))"
    r"(?!入所|入居|利用|施設|職員|退所|待機|等|及|数|別|へ|全|各|以外|所属|在籍)"
    r"(?:[ぁ-ん]{3,7}(?:の[里郷家森園丘]|苑|園|荘|館)|[一-鿿々ァ-ヶー]{2,8}|[ぁ-んー]{3,6}?(?=[にでへをがはよ」』、。,\s)）]|$))"
)
"""Homes and services that stand before their name: 老健やすらぎの里, 訪問看護ステーションひだまり."""
_WARD = re.compile(
    r"(?<![0-9A-Za-z])(?:[東西南北中本新]?(?:病棟|棟)\s?)?[0-9]{1,2}\s?[東西南北A-F]\s?病棟|(?<![0-9A-Za-z])[東西南北]\s?[0-9]{1,2}\s?(?:階)?病棟"
)


def find_facilities(reading: Reading) -> Iterator[Hit]:
    """Every name of a hospital, a clinic or the like."""
    text = reading.text
    for ending in _ENDING.finditer(text):
        start = _start_of_name(text, ending)
        if start is not None:
            yield reading.hit(KIND, (start, ending.end()), Certainty.LIKELY, SHAPE)
    for pattern, certainty in (
        (_SHORT, Certainty.LIKELY),
        (_ENGLISH, Certainty.LIKELY),
        (_LAW_TYPE, Certainty.WEAK),
        (_WARD, Certainty.WEAK),
    ):
        for match in pattern.finditer(text):
            yield reading.hit(KIND, match.span(), certainty, SHAPE)
    for match in _HOMES.finditer(text):
        yield reading.hit(KIND, match.span(), Certainty.WEAK, SHAPE)
    yield from _practices(reading)


def _start_of_name(text: str, ending: re.Match[str]) -> int | None:
    """Where the name before an institution's word starts, or None for a mere kind of institution."""
    first = max(0, ending.start() - LONGEST)
    before = text[first : ending.start()]
    found = _OWN.search(before)
    own = found.group() if found else ""
    rest = before.removesuffix(own)
    head = _hiragana_head(rest)
    if head and _HIRAGANA.search(rest.removesuffix(head)) is None:
        # A place in kanji goes before the name: 長崎みなと.
        place = _OWN.search(rest.removesuffix(head))
        head = (place.group() if place and len(place.group()) > 1 else "") + head
    if not head and (not own or _GENERIC.fullmatch(own) or _GENERIC.fullmatch(own + ending.group())):
        return None
    if head and _GENERIC.fullmatch(head + own):
        return None
    if (
        ending.group() == "病院"
        and _DISEASE.fullmatch(own)
        and text[ending.end() : ending.end() + 1] in "内外"
    ):
        # 糖尿病院内発症 is a disease and 院内, no hospital.
        return None
    return ending.start() - len(own) - len(head)


def _hiragana_head(before: str) -> str:
    """A name in hiragana at the end of a text (さくら, ひまわり), without the grammar in front of it."""
    run = _HIRAGANA.search(before)
    if run is None or _GRAMMAR_END.fullmatch(run.group()):
        return ""
    grammar = _NOT_THE_NAME.match(run.group())
    name = run.group()[grammar.end() :] if grammar else run.group()
    return name if len(name) > 1 else ""


def _practices(reading: Reading) -> Iterator[Hit]:
    """鈴木眼科: a family name that the dictionary knows, and a department."""
    if reading.words is None:
        return
    text = reading.text
    for department in _DEPARTMENT.finditer(text):
        head = _hiragana_head(text[max(0, department.start() - LONGEST) : department.start()])
        if len(head) > _FEWEST_HIRAGANA and not _EVERYDAY.fullmatch(head):
            yield reading.hit(KIND, (department.start() - len(head), department.end()), Certainty.WEAK, SHAPE)
            continue
        before = _BEFORE_DEPARTMENT.search(text[max(0, department.start() - 4) : department.start()])
        if before and before["family"] in reading.words.book.family.written:
            yield reading.hit(
                KIND, (department.start() - len(before["family"]), department.end()), Certainty.LIKELY, SHAPE
            )
