"""Which statistic the numbers under a heading are.

1. ``headers`` decides whether a heading counts persons, rows, is a measure or a label; this module
   says which measure. A heading of two parts (``n (%)``, 平均(SD), ``OR (95% CI)``) has two answers.
2. Words are matched whole or as the last word, as in ``headers``; what matches nothing keeps the
   broad answer of ``headers``, and silence is ``UNKNOWN``.
3. Nothing is concluded from a quantity that would make a small count safe: the rule on small counts
   looks at ``Table.counts`` alone.
"""

import re
from enum import StrEnum
from functools import lru_cache

from catalog.identifiers.written_forms import fold
from output_review.disclosure.headers import Topic, classify_header


class Quantity(StrEnum):
    """What a number is."""

    PERSONS = "persons"
    ROWS = "rows"
    COUNT = "count"
    """Whole numbers that nothing says anything about; judged as persons."""
    FACILITIES = "facilities"
    AMOUNT = "amount"
    """How much of a drug: tablets, ampoules, vials."""
    PERCENTAGE = "percentage"
    PROPORTION = "proportion"
    RATE = "rate"
    MEAN = "mean"
    SD = "sd"
    SE = "se"
    VARIANCE = "variance"
    COVARIANCE = "covariance"
    SUM = "sum"
    MEDIAN = "median"
    PERCENTILE = "percentile"
    MODE = "mode"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    LARGEST = "largest"
    """What the largest contributor, or the two largest, add to a sum."""
    RANGE = "range"
    P_VALUE = "p_value"
    ESTIMATE = "estimate"
    RATIO = "ratio"
    INTERVAL = "interval"
    LOWER = "lower"
    UPPER = "upper"
    STATISTIC = "statistic"
    DOF = "dof"
    CORRELATION = "correlation"
    AT_RISK = "at_risk"
    EVENTS = "events"
    CENSORED = "censored"
    SURVIVAL = "survival"
    TIME = "time"
    PREDICTED = "predicted"
    OBSERVED = "observed"
    RESIDUAL = "residual"
    """One number for each person: residuals, fitted values, leverage, scores of components."""
    SENSITIVITY = "sensitivity"
    SPECIFICITY = "specificity"
    POPULATION = "population"
    WEIGHTED = "weighted"
    ID = "id"
    DATE = "date"
    CLASS = "class"
    CODE = "code"
    LABEL = "label"
    MEASURE = "measure"
    UNKNOWN = "unknown"


COUNTS = frozenset(
    {Quantity.PERSONS, Quantity.ROWS, Quantity.COUNT, Quantity.AT_RISK, Quantity.EVENTS, Quantity.CENSORED}
)
"""Whole numbers behind which persons stand."""
LABELS = frozenset({Quantity.ID, Quantity.DATE, Quantity.CLASS, Quantity.CODE, Quantity.LABEL})

_PARENTHESIS = re.compile(r"[(\[【〔](.*?)(?:[)\]】〕]|$)")
_TABLE: tuple[tuple[Quantity, str], ...] = (
    (Quantity.COVARIANCE, r".*(?:covariance|共分散)|v?cov|x'x|xtx"),
    (
        Quantity.RESIDUAL,
        (
            r".*(?:residuals?|resid|fitted(?:[ _.-]values?)?|leverage|hat[ _.-]?values?|cook'?s?[ _.-]?d(?:istance)?"
            r"|dfbetas?|df?fits|covratio|rstudent|rstandard|studres|cooksd|hatvalues|martingale|deviance[ _]resid.*|残差|当てはめ値|てこ比|クック(?:の)?距離)"
            r"|\.(?:resid|fitted|hat|cooksd|std\.resid|sigma)|studentized.*|(?:t-?sne|umap|pca|pc|tsne|主成分|comp(?:onent)?|dim)[ _.-]?\d{1,2}"
        ),
    ),
    (
        Quantity.AT_RISK,
        r".*(?:at[ _.-]?risk|リスク集合|リスク数|リスク人数|観察対象数|number[ _.-]at[ _.-]risk)|n[ _.-]?risk|riskset|risk[ _.-]?set|リスク対象",
    ),
    (Quantity.CENSORED, r".*(?:censored|censor|censoring|打ち切り数?|打切り?数?|n[ _.-]?censor)"),
    (
        Quantity.EVENTS,
        r".*(?:events?|deaths|イベント数?|発生数|死亡数|observed|n[ _.-]?events?)|num[ _.]events|死亡者数|発症数|failures?",
    ),
    (
        Quantity.SURVIVAL,
        r".*(?:survival|surv|km[ _.-]?estimate|s\(t\)|生存率|生存確率|累積発生率|cumulative[ _]incidence|cumhaz|cumulative[ _]hazard|(?<![a-z])cif)|(?:.*[ _])?surv(?:ival)?[ _]?(?:prob|func|rate|fraction|est).*",
    ),
    (Quantity.P_VALUE, r"p|.*(?:p[ _.-]?values?|pval|p値|有意確率)|pr\(>.*|p>.*|prob.*>.*|sig\.?"),
    (
        Quantity.INTERVAL,
        r".*(?:95 ?% ?(?:ci|信頼区間)|(?<![a-z])ci|信頼区間|confidence[ _]interval|conf\.? ?int(?:erval)?\.?)|四分位範囲|iqr|interquartile.*",
    ),
    (
        Quantity.LOWER,
        r".*(?:下限|lower(?:[ _.-].*)?|lcl|conf\.low|(?:ci|conf)[ _.-]?l(?:ow|o)?|2\.5 ?%|\[0\.025)|ll|l95",
    ),
    (
        Quantity.UPPER,
        r".*(?:上限|upper(?:[ _.-].*)?|ucl|conf\.high|(?:ci|conf)[ _.-]?(?:u|high|hi)|97\.5 ?%|0\.975\])|ul|u95",
    ),
    (Quantity.STATISTIC, r"(?:mean|sum)[ _.]sq(?:uares?|\.)?"),
    (Quantity.SE, r".*(?:標準誤差|std\.? ?err(?:or)?\.?|standard[ _]error|stderr|[ _.(]se|sem)|se|s\.e\.?"),
    (
        Quantity.SD,
        r".*(?:標準偏差|std\.? ?dev(?:iation)?\.?|standard[ _]deviation|stdev|[ _.(]sd|[ _.(]std)|sd|std|s\.d\.?",
    ),
    (Quantity.VARIANCE, r".*(?:分散|variance|[ _]var)|var"),
    (
        Quantity.LARGEST,
        r".*(?:largest(?:[ _-].*)?|top[ _-]?[12](?:[ _-].*)?|最大(?:寄与|の寄与|患者|額患者|1人|寄与者|値患者).*|上位[12](?:位|人|名|者)?.*|max[ _-]?contribut.*|first[ _]contributor|second[ _]contributor)",
    ),
    (
        Quantity.MINIMUM,
        r".*(?:最小値?|最低値?|最年少|最短|minimum|(?<!mean)(?<!sd)(?<!median)(?<!avg)(?<!time)(?<!wait)[ _]min|smallest|youngest|lowest)|min|最小|[qp]0|0th(?:[ _].*)?|(?:min(?:imum)?|youngest|lowest|最小の?|最低の?|最年少の?)[ _]?(?:age|los|weight|height|bmi|cost|value|days|年齢|体重|費用|日数|在院日数|値).*",
    ),
    (
        Quantity.MAXIMUM,
        r".*(?:最大値?|最高値?|最高齢|最年長|最長|maximum|[ _]max|oldest|longest|highest)|max|最大|[qp]100|100th(?:[ _].*)?|(?:max(?:imum)?|oldest|highest|最大の?|最高の?|最年長の?)[ _]?(?:age|los|weight|height|bmi|cost|value|days|年齢|体重|費用|日数|在院日数|値).*",
    ),
    (
        Quantity.MEDIAN,
        r".*(?:中央値|メジアン|median)|median.*|50 ?%|q2|p50|50th.*|第2四分位.*|第二四分位.*|0\.5(?:0)?",
    ),
    (
        Quantity.PERCENTILE,
        r".*(?:パーセンタイル|percentiles?|四分位数?|quantiles?|quartiles?|%点|%ile|\d+th)|q[13]|p\d{1,2}(?:\.\d+)?|\d{1,2}(?:\.\d+)? ?%|第[13一三]四分位.*|lower[ _]hinge|upper[ _]hinge|1st qu\.?|3rd qu\.?|whisker.*|.*ひげ",
    ),
    (Quantity.MODE, r".*(?:最頻値|mode)|mode|モード"),
    (Quantity.RANGE, r".*(?:範囲|range)|range"),
    (
        Quantity.MEAN,
        r"(?:.*[^a-z])?(?:mean|average|avg)(?:[ _.].*)?|平均.*(?<!以上)(?<!以下)(?<!未満)(?<!群)|.*平均値?|.*(?:単価|1人当たり.*|一人当たり.*)",
    ),
    (
        Quantity.RATIO,
        r".*(?:オッズ比|ハザード比|リスク比|相対危険度?|odds[ _]ratio|hazard[ _]ratio|risk[ _]ratio|relative[ _]risk|rate[ _]ratio|exp\((?:coef|b|beta)\))|a?or|a?hr|rr|irr|smr",
    ),
    (
        Quantity.ESTIMATE,
        r".*(?:係数|推定値|coef(?:f|ficients?)?\.?|estimates?|beta|β|回帰係数|効果量|random[ _]effects?|blup|intercept|変量効果)",
    ),
    (
        Quantity.DOF,
        r"d\.?f\.?|dof|.*(?:自由度|degrees of freedom|残差自由度|[ _.](?:df|dof))|df[ _.-]?resid.*",
    ),
    (
        Quantity.CORRELATION,
        r".*(?:相関係数?|correlation|corr)|rho|ρ|pearson.*|spearman.*",
    ),
    (
        Quantity.STATISTIC,
        r"[tz]|.*(?:統計量|[tzf][ _-]?(?:value|値|stat(?:istic)?)|chi-?sq(?:uare)?d?|χ2|カイ二乗.*|wald|statistic)|chi2|r2|r\^2|aic|bic|auc|決定係数|c[ _-]?statistic",
    ),
    (
        Quantity.SENSITIVITY,
        r"tpr|sens(?:itivity)?|感度|true[ _]positive[ _]rate|recall|再現率|precision|適合率",
    ),
    (
        Quantity.SPECIFICITY,
        r"fpr|spec(?:ificity)?|特異度|1 ?[-ー] ?(?:spec(?:ificity)?|特異度)|false[ _]positive[ _]rate|偽陽性率",
    ),
    (
        Quantity.PREDICTED,
        r".*(?:predicted(?:[ _].*)?|prediction|予測確率|予測値|予測リスク|fitted[ _]prob.*|pred(?:[ _.]prob.*)?)|phat|yhat",
    ),
    (Quantity.OBSERVED, r".*(?:観測割合|実測割合|observed[ _](?:prob|rate|prop|risk).*|実測リスク)"),
    (
        Quantity.RATE,
        r".*(?:10万人?(?:当たり|あたり|対)?.*|人口\d.*対.*|人年(?:当たり|あたり).*|per[ _]\d[\d,]*.*|per[ _](?:person|patient).*|発生率|罹患率|死亡率.*|有病率.*|受療率|incidence.*|prevalence|mortality[ _]rate|rate)",
    ),
    (
        Quantity.PERCENTAGE,
        r".*(?:割合|構成比|比率|%|％|パーセント|percent(?:age)?|[ _]pct|有病率|率)|pct|percent.*|pct[ _].*|% (?:of|in|among|within) .*",
    ),
    (Quantity.PROPORTION, r"prop(?:ortion)?|.*[ _](?:prop|proportion|prob)|share|probability|確率"),
    (
        Quantity.WEIGHTED,
        r".*(?:weighted[ _].*(?:n|count|freq.*|total)|重み付き.*(?:数|計)?|加重.*(?:数|計)|推計患者数|推計数|推計値)|weighted|wtd?[ _]?(?:n|count|freq.*)",
    ),
    (
        Quantity.FACILITIES,
        r".*(?:施設数|病院数|医療機関数|診療所数|薬局数|事業所数|保険者数|市区町村数|自治体数)|(?:n|no|num|number)?(?:[ _.]of)?[ _.]?(?:hospitals|facilities|clinics|institutions|providers|insurers|municipalities|pharmacies)(?:[ _](?:n|count))?",
    ),
    (
        Quantity.AMOUNT,
        (
            r".*(?:処方数量|処方量|数量|薬剤量|使用量|投与量計|総量|錠数|本数|管数|アンプル数|バイアル数|カプセル数|包数|枚数)|.*[( _](?:錠|管|本|瓶|バイアル|アンプル|カプセル|包|枚|筒|キット|mL|g)[) ]?"
            r"|quantity|.*[ _](?:quantity|tablets|ampoules|vials|capsules|units|doses|dispensed)|(?:tablets|ampoules|vials|capsules|doses|injections)(?:[ _].*)?"
        ),
    ),
    (
        Quantity.SUM,
        r"合計(?:.*[^数人名例件計])|.*(?:合計額?|総額|総計額|合計(?:費用|医療費|点数|日数)|総医療費|総点数|総費用|総日数|[ _]sum|sum[ _].*)|sum|total[ _](?:costs?|charges?|amount|yen|cost.*|expend.*|days|points)|(?:costs?|charges?|yen|expenditure)[ _]total|.*(?:医療費|薬剤費|費用|金額|点数|円|費)|costs?|charges?|yen|jpy",
    ),
    (
        Quantity.POPULATION,
        r"(?:総|住民基本台帳|国勢調査|推計|対象)?人口|(?:総|観察|追跡|延べ)?人年数?|(?:total[ _])?(?:person|patient)[ _-]?years?(?:[ _](?:at[ _]risk|of[ _]follow-?up))?|py|pyrs?|population|pop|(?:census|resident)[ _](?:pop.*|count)",
    ),
    (
        Quantity.TIME,
        r"(?:生存|追跡|観察|経過)?(?:時間|期間|日数|月数|年数)|time|t\(?(?:days|months|years)\)?|経過.*|timeline|(?:follow-?up|survival)[ _]time|days|months",
    ),
    (
        Quantity.DATE,
        r".*(?:年月日|日付|日時|生年月日|誕生日|年月|診療月|入院日|退院日|手術日|死亡日|診断日|時刻|年度?|月)|date|.*[ _](?:date|datetime|timestamp)|year|month|week|quarter|fy|time[ _]of[ _]death",
    ),
    (
        Quantity.ID,
        (
            r"(?:.*[ _.-])?(?:id|uuid|guid|pid|ptid|pseud|pseudonym|hash|mrn|karte)(?:[ _.-]?(?:no|number))?"
            r"|(?:patient|person|subject|case|記録|仮名)[ _.-]?key|.*(?:患者|症例|個人|被験者|対象者|カルテ|仮名|匿名)(?:の)?(?:id|番号|コード|キー|符号|識別子)"
        ),
    ),
    (Quantity.CODE, r".*(?:コード|番号|code)|(?:icd|atc|dpc|yj|jlac).*"),
    (
        Quantity.CLASS,
        r".*(?:年齢|年齢階級|年齢区分|年代|階級|区分|クラス|群|カテゴリー?|性別|bin|class|category|group|ステージ|グレード|age|quintile|decile|quartile|五分位|十分位|四分位群)",
    ),
)
_COMPILED = tuple((quantity, re.compile(pattern)) for quantity, pattern in _TABLE)
_COUNT_TOPICS = {Topic.PERSONS: Quantity.PERSONS, Topic.ROWS: Quantity.ROWS}
_BEFORE_COUNTS = frozenset(
    {
        Quantity.FACILITIES,
        Quantity.POPULATION,
        Quantity.AMOUNT,
        Quantity.AT_RISK,
        Quantity.EVENTS,
        Quantity.CENSORED,
        Quantity.WEIGHTED,
        Quantity.RESIDUAL,
    }
)
"""Headings that also look like a count of persons; here they are told apart."""


@lru_cache(maxsize=8192)
def quantities_of(heading: str) -> tuple[Quantity, Quantity]:
    """What the numbers under a heading are: outside parentheses in the cell, and inside."""
    folded = fold(heading).text.strip()
    main = _PARENTHESIS.sub("", folded).strip(" :,/_-+±")
    inside = " ".join(match.group(1) for match in _PARENTHESIS.finditer(folded)).strip()
    if "±" in main:
        main, _, inside = main.partition("±")
    first = _one(folded) if main and _is_named_whole(folded) else _one(main.strip())
    second = _one(inside) if inside else Quantity.UNKNOWN
    if first is Quantity.UNKNOWN and inside and second is not Quantity.UNKNOWN:
        return second, Quantity.UNKNOWN
    return first, second


def quantity_of(heading: str) -> Quantity:
    """What the numbers under a heading are, outside parentheses."""
    return quantities_of(heading)[0]


def _is_named_whole(folded: str) -> bool:
    """Headings whose parenthesis belongs to the name: ``Pr(>|t|)``, ``exp(coef)``, ``S(t)``, 数量(錠)."""
    return bool(
        re.fullmatch(
            r"pr\(.*|exp\(.*|s\(t\).*|p>.*|.*(?:数量|量|数)\((?:錠|管|本|瓶|バイアル|アンプル|カプセル|包|枚|筒|キット)\)",
            folded,
        )
    )


def _one(words: str) -> Quantity:
    if not words:
        return Quantity.UNKNOWN
    topic = classify_header(words)
    for quantity, pattern in _COMPILED:
        if topic in _COUNT_TOPICS and quantity not in _BEFORE_COUNTS:
            continue
        if topic is Topic.UNKNOWN and quantity in LABELS and any(c.isdigit() for c in words):
            continue
        if pattern.fullmatch(words):
            return quantity
    return {
        **_COUNT_TOPICS,
        Topic.MEASURE: Quantity.MEASURE,
        Topic.LABEL: Quantity.LABEL,
    }.get(topic, Quantity.UNKNOWN)
