"""The numbers that name a person, a clinician, an insurer or an institution: labels, lengths, check digits.

One row for each kind, first match first. The rules:

1. ``label`` is how people and systems head such a number: Japanese, English, and names of columns,
   of JSON keys and of URL parameters. Longer labels come first, because 介護保険被保険者番号 is none of
   記号番号.
2. ``lengths`` are counted in digits, whatever stands between them; ``letters`` admits letters as well.
3. A label of ``HARMLESS`` takes the number behind it out of question: codes of drugs, tests, diseases and
   procedures, numbers of trials, papers and laws, counts and money.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from catalog.identifiers import check_digits

HARMLESS = "harmless"
_END = r"(?![A-Za-z])"
_START = r"(?<![A-Za-z])"
_NO = r"(?:番号|[ _-]?(?:no|num|number|id|code|コード)\.?)"


@dataclass(frozen=True, slots=True)
class NumberKind:
    """One kind of number: its label, its lengths in digits, its check digit rule and where they come from."""

    kind: str
    label: str
    lengths: tuple[int, ...]
    source: str
    check: Callable[[str], bool] | None = None
    letters: bool = False
    weak: bool = False
    """Whether a hit with a label is only for people to look at."""


KINDS: tuple[NumberKind, ...] = (
    NumberKind(
        "my_number",
        rf"個人番号|マイナンバー(?:カード)?(?:の?番号)?|マイナ番号|{_START}my[ _-]?num(?:ber)?{_END}|individual[ _-]?number"
        rf"|kojin[ _-]?bango|jpn?[ _-]?my[ _-]?number",
        (12,),
        "行政手続における特定の個人を識別するための番号の利用等に関する法律",
        check_digits.is_my_number,
    ),
    NumberKind(
        "corporate_number",
        r"法人番号|corporate[ _-]?(?:number|no|id)|houjin[ _-]?bango|hojin[ _-]?(?:bango|no)",
        (13,),
        "法人番号の指定等に関する省令",
        check_digits.is_corporate_number,
    ),
    NumberKind(
        "late_elderly_number",
        r"後期高齢者?(?:医療)?(?:制度)?(?:の)?(?:被?保険者?証?)?(?:の)?(?:番号|no\.?)|kou?ki[ _-]?(?:kou?rei(?:sha)?)?[ _-]?(?:iryo|hihokensha)?[ _-]?(?:no|num|number|bangou?|id)|(?:late[ _-]?)?elderly[ _-]?\w*?(?:no|number|id)",
        (8,),
        "高齢者の医療の確保に関する法律施行規則",
    ),
    NumberKind(
        "care_insured_number",
        r"介護(?:保険)?(?:の)?(?:被?保険者?証?)?(?:の)?(?:番号|no\.?)|kaigo[ _-]?(?:hoken|hihokensha|insured)*[ _-]?(?:sha)?[ _-]?(?:no|num|number|bangou?|id)|long[ _-]?term[ _-]?care[ _-]?\w*|ltci[ _-]?\w*|care[ _-]?insur\w*[ _-]?(?:no|number|id)",
        (9, 10),
        "介護保険法施行規則; H and nine digits under public assistance",
        letters=True,
    ),
    NumberKind(
        "employment_number",
        r"雇用保険(?:の)?(?:被?保険者?証?)?(?:の)?(?:番号|no\.?)|koyou?[ _-]?(?:hoken)?\w*|employment[ _-]?insurance[ _-]?\w*",
        (11,),
        "雇用保険法施行規則: 4-6-1",
    ),
    NumberKind(
        "pension_number",
        r"基礎年金番号|年金(?:手帳|証書)?(?:の)?(?:記号)?番号|(?:basic[ _-]?)?pension[ _-]?(?:number|no|num|id)|(?:kiso[ _-]?)?nenkin[ _-]?(?:bangou?|no|num|number|id)",
        (10,),
        "国民年金法施行規則: 4-6",
    ),
    NumberKind(
        "public_payer_number",
        r"(?:公費(?:負担者?)?(?:の)?番号|負担者番号|公費(?=[1-4]?[\s:：]{0,3}[0-9]{8}(?![0-9])))(?:[1-4](?=[\s:：はが=]{0,3}[0-9]{8}(?![0-9])))?|kou?hi[ _-]?(?:futan)?\w*|public[ _-]?(?:payer|expense)[ _-]?\w*",
        (8,),
        "診療報酬請求書等の記載要領: 法別 2, prefecture 2, body 3, check 1",
        check_digits.is_public_payer_number,
    ),
    NumberKind(
        "recipient_number",
        r"(?:医療)?受給者?証?(?:の)?番号(?:[1-4](?=[\s:：はが=]{0,3}[0-9]{7}(?![0-9])))?|(?:recipient|beneficiary)[ _-]?(?:number|no|id)|jukyu\w*",
        (7,),
        "診療報酬請求書等の記載要領: six digits and a check digit",
        check_digits.is_recipient_number,
    ),
    NumberKind(
        "insured_number",
        r"(?:国保|健保|社保)(?:証)?(?:の)?(?:記号)?番号|(?:健康|国民健康|社会|国)?(?:保険証|被保険者証?|被扶養者|組合員証?|加入者|資格確認書|資格情報)(?:等)?(?:の)?(?:番号|no\.?|id)|hihokensha?[ _-]?\w*|(?:insured|insurance|member|policy)[ _-]?(?:no|number|id)|(?:被保険者証?|保険証|健康保険証?)等?(?:の)?記号[・･/及びと ]{0,2}番号(?:[・･/及びと ]{0,2}枝番号?)?",
        tuple(range(2, 19)),
        "健康保険法施行規則: numbers are the insurer's own",
        letters=True,
    ),
    NumberKind(
        "insurer_number",
        r"(?<!被)保険者(?:証?(?:の)?番号|no\.?)|payer[ _-]?(?:no|num|number|id|code)|(?<![被A-Za-z])hokensha?(?:[ _-]?(?:no|number|bango|id|code))?|insurer[ _-]?(?:number|no|id|code)",
        (6, 8),
        "診療報酬請求書等の記載要領: 法別 2, prefecture 2, insurer 3, check 1",
        check_digits.is_insurer_number,
    ),
    NumberKind(
        "narcotics_licence",
        r"麻薬(?:施用|管理|研究|小売業?|卸売業?)?者?(?:の)?(?:免許)?証?(?:の)?(?:番号|no\.?)?|mayaku\w*|narcotics?[ _-]?(?:licen[sc]e)?[ _-]?(?:no|number|id)?",
        (4, 5, 6, 7, 8, 9),
        "麻薬及び向精神薬取締法; the form differs by prefecture",
        letters=True,
    ),
    NumberKind(
        "physician_registration",
        r"(?:歯科)?医籍(?:の)?(?:登録)?(?:番号|no\.?)?|保険(?:医(?!療)|薬剤師)(?:の)?(?:登録)?(?:の)?(?:番号|記号番号|no\.?)?"
        r"|(?:歯科)?医師(?:の)?(?:登録|免許)証?(?:の)?(?:番号|no\.?)|薬剤師(?:名簿|免許証?|登録)(?:の)?(?:登録)?(?:番号|no\.?)?"
        r"|(?:看護|保健|助産|診療放射線技|臨床検査技|理学療法)[師士](?:籍|免許証?|登録)(?:の)?(?:登録)?(?:番号|no\.?)?|専門医(?:認定|登録)?番号"
        r"|iseki[ _-]?(?:to[ru]+oku)?[ _-]?(?:no|num|number|bangou?)?|yakuzaishi\w*|ishi[ _-]?(?:menkyo|toroku)\w*|(?:ph|dr|md|npi)[ _-]?licen[sc]e[ _-]?(?:no|number|id)?|(?:physician|doctor|pharmacist|medical)[ _-]?(?:registration|licen[sc]e)[ _-]?(?:no|number|id)?|医師コード",
        (4, 5, 6, 7, 8),
        "医師法施行令, 薬剤師法施行令; registers number from one, so short ones need the label",
        letters=True,
    ),
    NumberKind(
        "driving_licence",
        r"(?:運転)?免許証?(?:の)?(?:番号|no\.?)|運転免許(?:証)?|driv(?:er'?s?|ing)[ _-]?licen[sc]e(?:[ _-]?(?:no|number|id))?|(?:unten[ _-]?)?menkyo(?:sho)?[ _-]?(?:no|bango|number)",
        (12,),
        "道路交通法施行規則",
        check_digits.is_driving_licence,
    ),
    NumberKind(
        "resident_code",
        r"住民票(?:の)?(?:コード|番号)|住基(?:ネット)?(?:コード|番号)|resident[ _-]?(?:record[ _-]?)?code|juminhyo\w*|jyuminhyo\w*",
        (11,),
        "住民基本台帳法施行規則",
        check_digits.is_resident_code,
    ),
    NumberKind(
        "facility_code",
        r"(?:保険)?医療機関(?:等)?(?:の)?(?:コード|番号|no\.?|id)|(?:dpc|介護)?(?:施設|事業所|病院|薬局)(?:の)?(?:コード|番号|no\.?|id)"
        r"|(?:facility|hospital|institution|clinic)[ _-]?(?:code|id|no|number|cd)|iryou?[ _-]?kikan[ _-]?\w*|(?:medical[ _-]?)?(?:institution|institute)[ _-]?\w*?(?:code|no|number|cd|id)|shisetsu[ _-]?(?:code|cd|no|id)",
        (7, 9, 10),
        "診療報酬請求書等の記載要領: prefecture 2, 点数表 1, 7 digits with a check digit; 介護事業所番号",
        check_digits.is_facility_code,
        weak=True,
    ),
    NumberKind(
        "card_number",
        r"クレジット(?:カード)?(?:の)?(?:番号)?|カード番号|口座番号|credit[ _-]?card(?:[ _-]?(?:no|number))?|card[ _-]?(?:no|number)|(?:bank[ _-]?)?account[ _-]?(?:no|number)",
        (7, 14, 15, 16),
        "ISO/IEC 7812; bank accounts have seven digits",
    ),
    NumberKind(
        "chart_number",
        r"カルテ(?:の)?(?:番号|no\.?|id|ナンバー)?|診療録(?:の)?(?:番号|no\.?)|診察券(?:の)?(?:番号|no\.?)?|診療番号"
        r"|(?:登録)?(?:患者|受診者|被験者|対象者|受療者|症例|個人|入院|外来|住民|利用者|受診|被検者|職員|社員|会員|顧客)(?:さん)?(?:の)?(?:管理|登録|識別|認識)?(?:番号|ナンバー|コード|no\.?|id|ＩＤ|#|№)"
        r"|pt[ .]?id|(?:patient|patients|pt|subject|person|case|chart|karte|medical[ _-]?record|client|kanja|shinsatsuken|personal)s?[ _-]?(?:no|num|number|id|code|identifier|bango)\.?"
        rf"|{_START}(?:pid|ptid|mrn|karte|kanjaid|patno|usubjid|subjid|pat_?id)s?{_END}|院内(?:id|番号)|id番号",
        tuple(range(4, 16)),
        "診療録; numbers are the institution's own",
        letters=True,
    ),
    NumberKind(
        "record_number",
        r"(?:オーダー?|検体|受付|処方(?:箋|せん)?|検索|レセプト(?:管理|整理|共通)?|予約|検査(?:受付)?|会計|請求|標本|病理|整理|手術|撮影|伝票|診断書|輸血|製剤|紹介状|照会|問診票)(?:の)?(?:番号|no\.?|id|ナンバー)"
        r"|(?:order|specimen|accession|prescription|sample|requisition|claim|receipt|visit|encounter|admission|booking|reservation)[ _-]?(?:no|num|number|id|identifier|uid)\.?"
        rf"|(?:study|series|sop)[ _-]?(?:instance)?[ _-]?uid|{_START}(?:accno|orderno|reqno|visitid){_END}",
        tuple(range(5, 23)),
        "numbers of orders, specimens and receipts: they join tables",
        letters=True,
    ),
    NumberKind(
        HARMLESS,
        r"jlac[ -]?1[01]|jlac|hot[ -]?(?:コード|番号|code)?(?:7|9|11|13)?(?:コード|番号)?(?=[\s:：はのコが=、(（]|$)|yj(?:[ _-]?(?:コード|code))?|薬価(?:基準)?(?:収載)?\w{0,6}(?:コード)?"
        r"|レセ(?:プト)?電(?:算)?(?:処理)?(?:システム)?(?:用)?(?:コード|番号)?|(?:診療行為|医薬品|薬剤|薬品|特定器材|材料|傷病名|疾患|検査項目|検査|コメント|用法|修飾語|手技|処置|点数|単位|地域|市区町村|都道府県|郵便区|行政区|分類|統計|商品|品目|製品)(?:別)?(?:の)?(?:コード|cd)"
        r"|病名(?:管理|交換用?|基本)?(?:番号|コード)|dpc(?:コード|分類|番号|code)?(?:番号)?|診断群分類(?:番号)?|icd[ -]?\d{0,2}(?:コード)?|loinc|snomed\w*|meddra|atc(?:コード)?|medis"
        r"|umin\w*|jrct\w*|nct(?=\d)|jmacct\w*|doi|isbn|issn|pmid|pmc(?=\d)|orcid|(?:研究|倫理|審査|課題|承認|認証|届出|許可|公開|試験|プロトコル|助成|契約|文書|版|バージョン|リビジョン|図|表|式|章|項目|設問|質問|行|列|連|ページ|頁|巻|号|論文|文献|告示|通知|法令|規格|型|機器|製造|ロット|シリアル|基準|規約|問合せ)(?:の)?(?:番号|no\.?|id)"
        r"|(?:serial|page|row|line|model|part|room|floor|section|chapter|figure|fig|table|cluster|group|class|grade|iteration|fold|epoch|step|stage|block|batch|parent|child|node|count|total|sum)[ _-](?:no|num|number)|lot|ロット|jan(?:コード)?|gtin|ean|seed|シード|乱数|version|ver\.|sha-?\d+|md5|checksum|issue|commit|build|port|ポート|iso|jis|rfc|grant|protocol[ _-]?(?:no|id)?"
        r"|(?:drug|lab|test|item|product|procedure|disease|diagnosis|material|region|area|icd\w*|atc|zip_?area)[ _-]?(?:code|cd)|(?:総|合計|平均)?(?:金額|総額|額|費用|医療費|薬剤費|点数|件数|人数|総数)(?:[(（][^)）]{0,6}[)）])?|タイムスタンプ|timestamp|日時|datetime|実行(?:id|日時)|ジョブ(?:番号|id)|job[ _-]?id|run[ _-]?id",
        (),
        "codes, trials, papers, laws",
    ),
    NumberKind(
        "id_number",
        r"(?<![一-鿿ァ-ヶA-Za-z])(?:番号|識別子|識別番号|ナンバー|管理番号|登録番号|個体番号|№)|(?<![A-Za-z])(?:id[.:：=]|no[.:：=](?!\s?[A-Za-z]{2,}(?![0-9A-Za-z-])))|(?<![A-Za-z])ＩＤ|(?<![A-Za-z_])id(?=[ \u3000\"'はがをのとにもで])|(?<![A-Za-z])[a-z]+(?:_[a-z]+)*_(?:no|num|number|bangou?)(?![A-Za-z])",
        tuple(range(5, 19)),
        "a number that only says that it is one",
        letters=True,
    ),
)

_FIRST = "".join(sorted({character for row in KINDS for character in row.label if character > "ん"}))
_BEGINS = rf"(?:(?=[{_FIRST}])|(?<![a-z])(?=[a-zA-Z]))"
"""A label begins with a character that some label has, or where a Latin word begins: most places are neither."""
LABELS = re.compile(
    _BEGINS + "(?:" + "|".join(f"(?P<{row.kind}>{row.label})" for row in KINDS) + ")", re.IGNORECASE
)
BY_KIND = {row.kind: row for row in KINDS}
