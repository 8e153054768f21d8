"""Words of Japanese and English tables that name the same people: one line a name, the first word is its name.

1. Only words that mean the same wherever they head a row or a column stand here; what is not here is
   compared as written.
2. ``TOTAL`` words name everybody of a table, ``MEASURE`` words say that a number counts and name nobody.
3. ``APART`` are kinds of which a person has one: two names of one kind have nobody in common.
"""

from types import MappingProxyType
from typing import Final

_SAME: Final = """
male|男|男性|男子|男児|m|males|man|men|boy|boys
female|女|女性|女子|女児|f|females|woman|women|girl|girls
yes|あり|有|有り|はい|該当|陽性|positive|y|present|with|1 yes
no|なし|無|無し|いいえ|非該当|陰性|negative|absent|without|0 no
unknown|不明|欠損|未回答|未測定|未記載|missing|not recorded|not known|n/a|na|nan
dead|死亡|死亡例|died|deceased|death|deaths|死亡退院
alive|生存|生存例|survived|survivor|survivors|living
inpatient|入院|入院患者|inpatients|hospitalised|hospitalized|admitted
outpatient|外来|外来患者|outpatients|ambulatory
exposed|曝露|曝露群|暴露|暴露群|投与|投与群|treated|treatment|exposure|cases exposed
control|対照|対照群|コントロール|コントロール群|非曝露|非曝露群|非投与|非投与群|controls|unexposed|untreated|comparator
smoker|喫煙|喫煙者|喫煙あり|smokers|current smoker|現在喫煙
nonsmoker|非喫煙|非喫煙者|喫煙なし|non-smoker|nonsmokers|never smoker|never
exsmoker|過去喫煙|既往喫煙|禁煙|ex-smoker|former smoker|former
diabetes|糖尿病|dm|diabetes mellitus|diabetic|diabetics
type 2 diabetes|2型糖尿病|ii型糖尿病|t2dm|type 2 diabetes mellitus|type ii diabetes
type 1 diabetes|1型糖尿病|i型糖尿病|t1dm|type 1 diabetes mellitus|type i diabetes
hypertension|高血圧|高血圧症|本態性高血圧|htn|hypertensive|essential hypertension
dyslipidemia|脂質異常症|脂質異常|高脂血症|dyslipidaemia|hyperlipidemia|hyperlipidaemia
heart failure|心不全|慢性心不全|hf|chf|congestive heart failure
stroke|脳卒中|脳血管障害|cerebrovascular disease
cerebral infarction|脳梗塞|ischemic stroke|ischaemic stroke
cerebral haemorrhage|脳出血|cerebral hemorrhage|intracerebral hemorrhage
myocardial infarction|心筋梗塞|急性心筋梗塞|mi|ami|acute myocardial infarction
angina|狭心症|angina pectoris
atrial fibrillation|心房細動|af|afib
chronic kidney disease|慢性腎臓病|慢性腎不全|ckd|chronic renal failure
dialysis|透析|人工透析|血液透析|hemodialysis|haemodialysis
asthma|喘息|気管支喘息|bronchial asthma
copd|慢性閉塞性肺疾患|chronic obstructive pulmonary disease
pneumonia|肺炎
influenza|インフルエンザ|flu
covid-19|新型コロナ|新型コロナウイルス感染症|covid19|covid|sars-cov-2
cancer|がん|癌|悪性腫瘍|悪性新生物|malignancy|neoplasm|malignant neoplasm|cancers
lung cancer|肺がん|肺癌
gastric cancer|胃がん|胃癌|stomach cancer
colorectal cancer|大腸がん|大腸癌|colon cancer
breast cancer|乳がん|乳癌
liver cancer|肝がん|肝癌|肝細胞癌|hepatocellular carcinoma
pancreatic cancer|膵がん|膵癌|膵臓がん
prostate cancer|前立腺がん|前立腺癌
dementia|認知症|dementias
alzheimer|アルツハイマー病|アルツハイマー型認知症|alzheimer's disease|alzheimer disease
depression|うつ病|うつ|抑うつ|major depression|depressive disorder
schizophrenia|統合失調症
osteoporosis|骨粗鬆症|骨粗しょう症
fracture|骨折|fractures
rheumatoid arthritis|関節リウマチ|ra
epilepsy|てんかん
parkinson|パーキンソン病|parkinson's disease|parkinson disease
hepatitis|肝炎
cirrhosis|肝硬変|liver cirrhosis
anaemia|貧血|anemia
obesity|肥満|obese
sepsis|敗血症
tuberculosis|結核|tb
mild|軽症|軽度
moderate|中等症|中等度
severe|重症|重度
other|その他|そのほか|他|others
urban|都市部|都市
rural|地方|郡部
hokkaido|北海道
aomori|青森
iwate|岩手
miyagi|宮城
akita|秋田
yamagata|山形
fukushima|福島
ibaraki|茨城
tochigi|栃木
gunma|群馬
saitama|埼玉
chiba|千葉
tokyo|東京
kanagawa|神奈川
niigata|新潟
toyama|富山
ishikawa|石川
fukui|福井
yamanashi|山梨
nagano|長野
gifu|岐阜
shizuoka|静岡
aichi|愛知
mie|三重
shiga|滋賀
kyoto|京都
osaka|大阪
hyogo|兵庫
nara|奈良
wakayama|和歌山
tottori|鳥取
shimane|島根
okayama|岡山
hiroshima|広島
yamaguchi|山口
tokushima|徳島
kagawa|香川
ehime|愛媛
kochi|高知
fukuoka|福岡
saga|佐賀
nagasaki|長崎
kumamoto|熊本
oita|大分
miyazaki|宮崎
kagoshima|鹿児島
okinawa|沖縄
"""
_APART: Final = """
male female
yes no unknown
dead alive
inpatient outpatient
exposed control
smoker nonsmoker exsmoker
mild moderate severe
urban rural
hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa
"""

SAME: Final = MappingProxyType(
    {word: line.split("|")[0] for line in _SAME.strip().split("\n") for word in line.split("|")}
)
"""Every known word in folded form, and the name it stands for."""

APART: Final = MappingProxyType(
    {name: kind for kind, line in enumerate(_APART.strip().split("\n")) for name in line.split()}
)
"""The kind of a name, where a person has only one name of that kind."""

TOTAL: Final = frozenset(
    [
        "計",
        "合計",
        "総計",
        "総数",
        "全体",
        "全例",
        "全患者",
        "全国",
        "全年齢",
        "全期間",
        "全員",
        "男女計",
        "男女",
        "両性",
        "小計",
        "累計",
        "対象",
        "対象者",
        "対象患者",
        "解析対象",
        "解析対象者",
        "母数",
        "total",
        "totals",
        "all",
        "overall",
        "sum",
        "subtotal",
        "grand total",
        "all patients",
        "all ages",
        "both",
        "both sexes",
        "everyone",
        "subjects",
        "participants",
        "study population",
        "population",
        "cohort",
        "whole cohort",
        "コホート",
        "entire cohort",
        "analysed",
        "analyzed",
        "included",
        "all subjects",
    ]
)

MEASURE: Final = frozenset(
    [
        "n",
        "人数",
        "患者数",
        "例数",
        "症例数",
        "件数",
        "人",
        "名",
        "例",
        "件",
        "患者",
        "症例",
        "度数",
        "頻度",
        "実人数",
        "実患者数",
        "数",
        "値",
        "対象者数",
        "対象患者数",
        "人口",
        "回数",
        "延べ数",
        "延べ件数",
        "レセプト数",
        "レセプト件数",
        "count",
        "counts",
        "cnt",
        "freq",
        "frequency",
        "number",
        "num",
        "no.",
        "patients",
        "patient",
        "persons",
        "person",
        "people",
        "cases",
        "case",
        "value",
        "values",
        "size",
        "number of patients",
        "number of persons",
        "number of people",
        "number of cases",
        "patient count",
        "n patients",
        "no. of patients",
        "individuals",
        "distinct persons",
        "distinct patients",
        "n_patients",
        "patients_n",
        "n_persons",
        "claims",
        "visits",
        "records",
        "claim count",
        "number of claims",
        "number of visits",
        "n claims",
        "rows",
        "group_size",
    ]
)
