"""What a column is about, judged by its header alone.

1. The head noun decides. Japanese puts it last (患者割合 is a share, 割合別患者数 a count);
   a parenthesis qualifies, and decides only where the rest says nothing.
2. A header that says nothing is ``UNKNOWN``, and whole numbers under it are judged as counts
   of persons: silence never makes a column safe.
3. A header with a digit in it is a class (2019年, 60-69歳, <40%), so numbers under it are
   counts, unless it names a code or a number (ICD10コード).
4. A word that is also the name of a class in some table (F, No, control group, 病院) decides
   nothing.
5. Words are matched whole or as a suffix, never inside: 高血圧 is not a blood pressure and
   時間外 is not a duration.
"""

import re
from enum import StrEnum
from functools import lru_cache

from catalog.identifiers.written_forms import fold


class Topic(StrEnum):
    """What the numbers of a column are."""

    PERSONS = "persons"
    ROWS = "rows"
    MEASURE = "measure"
    LABEL = "label"
    UNKNOWN = "unknown"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARENTHESIS = re.compile(r"[(\[【〔].*?(?:[)\]】〕]|$)")
_CODE = re.compile(r".*(?:コード|番号|識別子)|(?:.*[ _.-])?(?:code|id|uuid|guid|key|no\.)|[a-z]+_(?:no|nr)")
_ROWS = re.compile(
    r".*(?:件数|レセプト数|請求数|明細数|行数|レコード数|回数|延べ数|延べ人数|延べ患者数|受診数|処方数)|件|レセプト"
    r"|延べ.*"
)
_PERSONS = re.compile(
    r".*(?:人数|患者数?|者数|例数|度数|頻度|総数|実数|人口)|人|名|例|症例"
    r"|.*(?<![回件日年月点係指個床関変対級倍定])数"
)
_FACILITIES = re.compile(
    r".*(?:施設|病院|医療機関|診療所|薬局|事業所|保険者|市区町村|市町村|自治体)数|(?:(?:n|no\.?|num|number)(?:[ _.]of)?[ _.])?"
    r"(?:hospitals|facilities|clinics|institutions|insurers|municipalities|pharmacies)(?:[ _](?:n|count))?"
)
_MEASURE = re.compile(
    r".*(?:割合|率|比|比率|構成比|オッズ比|平均値?|中央値|標準偏差|標準誤差|分散|四分位(?:範囲|数)?|最大値?|最小値?|信頼区間"
    r"|[上下]限|p値|係数|指数|統計量|自由度|費用?|金額|単価|医療費|薬剤費|点数|当たり|あたり|人年|人日|パーセント)"
    r"|(?:平均|在院|入院|手術|経過|観察|追跡|待ち|待機|投与|処方|年間)?(?:日数|時間|期間|年数)"
    r"|平均.*(?<!以上)(?<!以下)(?<!未満)(?<!群)"
    r"|体重|身長|血圧|用量|投与量|bmi|[千万億]?円|[十百]万円"
)
_LABEL = re.compile(
    r"(?:診療|受診|入院|退院|生)?(?:年|年度|月|日|週|年月|年月日|日付|西暦|和暦)|生年月日|年齢|年齢階級|年齢区分|年代|歳|順位|階級|区分"
    r"|クラス|グレード|ステージ|レベル|スコア|版|順|行|連番|通し|性別|性|(?:要介護|要支援|重症)度|病期"
)
_PERSON_WORDS = _words(
    "n count counts cnt freq freqs frequency frequencies num number patients patient persons"
    " person people subjects participants cases individuals nobs obs observations risk total"
    " totals"
)
_ROW_WORDS = _words(
    "claims claim visits visit records record rows admissions admission encounters episodes"
    " prescriptions receipts"
)
_MEASURE_FIRST = _words("mean median avg average std sd se pct percent percentage proportion prop rate ratio")
_MEASURE_LAST = _words(
    "mean median avg average sd std se stderr iqr pct percent percentage proportion prop rate"
    " ratio pvalue pval coef coefficient coefficients beta chi2 auc aic bic variance var ci"
    " iteration iterations"
)
_MEASURE_WHOLE = _words(
    "p t z or hr rr df dof lower upper min max q1 q3 r2 ll ul lcl ucl days hours p-value p_value"
    " estimate cost costs yen jpy los share quantile percentile duration weight height bmi dose"
)
_TIME_ENGLISH = re.compile(
    r"(?:time|timeline|follow-?up|survival[ _]time|duration|elapsed)(?:[ _.(-]*(?:in[ _])?(?:days?|months?|years?|weeks?|hours?|d|mo|y)\)?)?"
)
_LABEL_ENGLISH = re.compile(
    r"(?:(?:age|fiscal|calendar|birth|study|follow-?up|index|admission|discharge|exam|grouping)[ _.-]?)?"
    r"(?:year|fy|month|week|date|age|rank|grade|stage|level|class|group|index|bin|quintile|quartile|decile|cluster"
    r"|version|score|wave|round|birth|yob|sex|gender)"
    r"|item(?: no\.?)?|page|section|line|step|weekday|(?:cv[ _-]?)?fold|split|replicate|repeat|lag|order|cycle|period|visit|knot"
    r"|(?:charlson|nyha|ecog|asa|gcs|mrs|nihss|apgar|killip|barthel|cfs|frailty|q?sofa|curb-?65|chads2|cha2ds2-?vasc|has-?bled)"
    r"(?:[ _-]?(?:index|score|class|grade|ps|ps class))?|cci|performance[ _]status"
)
"""Years, steps of a calculation, and scales that clinicians grade persons by: their values are labels."""

_SETTING = re.compile(
    r"max_(?:depth|iter|features|leaf_nodes|bins?)|min_(?:samples_(?:leaf|split)|child_weight|data_in_leaf)"
    r"|n_(?:estimators|splits|jobs|iter|neighbors|folds|repeats|components|clusters|bins)|num_(?:leaves|boost_round)"
    r"|learning_rate|(?:random_)?seed|random_state|batch_size|epochs|hidden_layers|early_stopping_rounds|l1_ratio"
)
"""What programs call the settings of a model; no table of persons has such a column."""


@lru_cache(maxsize=4096)
def classify_header(header: str) -> Topic:
    """What the header says its column is about."""
    folded = fold(header).text.strip()
    main = _PARENTHESIS.sub("", folded).strip()
    topic = _classify(main)
    if topic is Topic.UNKNOWN and main != folded:
        inside = " ".join(re.findall(r"[(\[【〔](.*?)[)\]】〕]", folded)).strip()
        return _classify(inside)
    return topic


def _classify(words: str) -> Topic:
    """Codes first, then the head noun; see the rules of this module."""
    if not words:
        return Topic.UNKNOWN
    if _CODE.fullmatch(words):
        return Topic.LABEL
    if "‰" in words or ("%" in words and not re.search(r"\d\s*%", words)):
        return Topic.MEASURE
    if _FACILITIES.fullmatch(words):
        # Facilities are no persons; how few of them may be shown is a rule of its own.
        return Topic.MEASURE
    topic = _classify_japanese(words) or _classify_english(words)
    if topic is Topic.LABEL and any(character.isdigit() for character in words):
        return Topic.UNKNOWN
    return topic or Topic.UNKNOWN


def _classify_japanese(words: str) -> Topic | None:
    words = words.replace(" ", "")
    # A measure of persons (患者割合) ends in the measure; a count by a measure ends in the count.
    for pattern, topic in (
        (_ROWS, Topic.ROWS),
        (_LABEL, Topic.LABEL),
        (_PERSONS, Topic.PERSONS),
        (_MEASURE, Topic.MEASURE),
    ):
        if pattern.fullmatch(words):
            return topic
    return None


def _classify_english(words: str) -> Topic | None:
    """English puts the head noun last too, except before ``of`` and in ``n_deaths``, ``mean age``."""
    tokens = re.findall(r"[a-z0-9]+", re.split(r"\b(?:of|by|per)\b", words)[0])
    if not tokens:
        return None
    if _is_english_measure(words, tokens):
        return Topic.MEASURE
    if any(token in _ROW_WORDS for token in tokens):
        return Topic.ROWS
    if tokens[0] in {"n", "num", "number"} or tokens[-1] in _PERSON_WORDS:
        return Topic.PERSONS
    return Topic.LABEL if _LABEL_ENGLISH.fullmatch(words) else None


def _is_english_measure(words: str, tokens: list[str]) -> bool:
    return (
        words in _MEASURE_WHOLE
        or bool(_SETTING.fullmatch(words))
        or bool(_TIME_ENGLISH.fullmatch(words))
        or tokens[0] in _MEASURE_FIRST
        or tokens[-1] in _MEASURE_LAST
        or "ci" in tokens
        or tokens[0] in {"df", "dof", "degrees"}
        or "per" in re.findall(r"[a-z]+", words)
    )
