"""The words and rates the generator draws from.

Surnames by rough frequency, given names, real municipalities, diseases with prevalence by age,
drugs and laboratory items. Prevalences and percentages are design choices for a demonstration,
not epidemiology; codes have the shape of the national tables. ``膵島細胞症`` is the Cabinet
Office's own example of a rare disease: exactly one patient of a hospital has it.
"""

from dataclasses import dataclass

SURNAMES: tuple[tuple[str, str, int], ...] = (
    ("佐藤", "サトウ", 150),
    ("鈴木", "スズキ", 140),
    ("高橋", "タカハシ", 110),
    ("田中", "タナカ", 105),
    ("伊藤", "イトウ", 85),
    ("渡辺", "ワタナベ", 84),
    ("山本", "ヤマモト", 83),
    ("中村", "ナカムラ", 82),
    ("小林", "コバヤシ", 81),
    ("加藤", "カトウ", 70),
    ("吉田", "ヨシダ", 65),
    ("山田", "ヤマダ", 64),
    ("佐々木", "ササキ", 53),
    ("山口", "ヤマグチ", 50),
    ("松本", "マツモト", 49),
    ("井上", "イノウエ", 48),
    ("木村", "キムラ", 45),
    ("林", "ハヤシ", 43),
    ("斎藤", "サイトウ", 42),
    ("清水", "シミズ", 41),
    ("髙木", "タカギ", 20),
    ("長谷川", "ハセガワ", 30),
    ("五十嵐", "イガラシ", 12),
    ("御手洗", "ミタライ", 3),
    ("小鳥遊", "タカナシ", 1),
    ("四月一日", "ワタヌキ", 1),
    ("グエン", "グエン", 6),
    ("スミス", "スミス", 4),
)
"""Kanji, kana, weight."""

GIVEN_FEMALE: tuple[tuple[str, str], ...] = (
    ("花子", "ハナコ"),
    ("陽菜", "ヒナ"),
    ("結衣", "ユイ"),
    ("和子", "カズコ"),
    ("幸子", "サチコ"),
    ("美咲", "ミサキ"),
    ("洋子", "ヨウコ"),
    ("恵子", "ケイコ"),
    ("さくら", "サクラ"),
    ("千代", "チヨ"),
    ("真由美", "マユミ"),
    ("凛", "リン"),
)
GIVEN_MALE: tuple[tuple[str, str], ...] = (
    ("太郎", "タロウ"),
    ("翔太", "ショウタ"),
    ("健一", "ケンイチ"),
    ("清", "キヨシ"),
    ("茂", "シゲル"),
    ("大輔", "ダイスケ"),
    ("蓮", "レン"),
    ("誠", "マコト"),
    ("勝", "マサル"),
    ("悠真", "ユウマ"),
    ("隆", "タカシ"),
    ("浩", "ヒロシ"),
)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A place patients live in."""

    prefecture: str
    code: str
    postal: str
    name: str
    town: str
    dial: str


MUNICIPALITIES: tuple[Municipality, ...] = (
    Municipality("13", "13104", "1600022", "東京都新宿区", "新宿", "03"),
    Municipality("13", "13112", "1540004", "東京都世田谷区", "太子堂", "03"),
    Municipality("13", "13201", "1920046", "東京都八王子市", "明神町", "042"),
    Municipality("12", "12101", "2600013", "千葉県千葉市中央区", "中央", "043"),
    Municipality("12", "12203", "2720021", "千葉県市川市", "八幡", "047"),
    Municipality("14", "14103", "2200011", "神奈川県横浜市西区", "高島", "045"),
    Municipality("11", "11105", "3300071", "埼玉県さいたま市浦和区", "上木崎", "048"),
    Municipality("23", "23106", "4600008", "愛知県名古屋市中区", "栄", "052"),
    Municipality("26", "26104", "6040925", "京都府京都市中京区", "上本能寺前町", "075"),
    Municipality("27", "27127", "5300001", "大阪府大阪市北区", "梅田", "06"),
    Municipality("01", "01101", "0600042", "北海道札幌市中央区", "大通西", "011"),
    Municipality("04", "04101", "9800811", "宮城県仙台市青葉区", "一番町", "022"),
    Municipality("40", "40133", "8100001", "福岡県福岡市中央区", "天神", "092"),
    Municipality("31", "31403", "6894503", "鳥取県日野郡江府町", "江尾", "0859"),
)
MUNICIPALITY_WEIGHTS = (16, 14, 9, 8, 7, 12, 8, 8, 5, 9, 6, 5, 7, 1)


@dataclass(frozen=True, slots=True)
class Disease:
    """A disease: its codes, department, share of people at 30 and at 75, and its drug."""

    name: str
    icd10: str
    receipt: str
    mdcdx2: str
    department: str
    at_30: float
    at_75: float
    drug: int = -1
    """The place of its drug in ``DRUGS``, or -1."""
    female_only: bool = False


DISEASES: tuple[Disease, ...] = (
    Disease("高血圧症", "I10", "8833421", "20054210", "01", 0.04, 0.60, 0),
    Disease("２型糖尿病", "E11", "2500015", "20055001", "01", 0.01, 0.18, 1),
    Disease("脂質異常症", "E785", "2724007", "20055102", "01", 0.05, 0.38, 2),
    Disease("慢性腎臓病", "N189", "8842106", "20055203", "01", 0.005, 0.20),
    Disease("心房細動", "I489", "4273007", "20055304", "08", 0.002, 0.07, 3),
    Disease("心不全", "I509", "4289017", "20055405", "08", 0.001, 0.09, 0),
    Disease("脳梗塞", "I639", "4349009", "20055506", "07", 0.001, 0.08, 3),
    Disease("胃癌", "C169", "1519003", "20055607", "10", 0.0004, 0.022),
    Disease("乳癌", "C509", "1749007", "20055708", "10", 0.002, 0.028, -1, female_only=True),
    Disease("気管支喘息", "J459", "4939008", "20055809", "06", 0.05, 0.05, 4),
    Disease("うつ病", "F329", "2961002", "20055910", "04", 0.04, 0.04, 5),
    Disease("アルツハイマー型認知症", "G309", "8842207", "20056011", "07", 0.0, 0.11, 6),
    Disease("関節リウマチ", "M0690", "7140015", "20056112", "11", 0.003, 0.018, 7),
    Disease("慢性Ｂ型肝炎", "B181", "0703004", "20056213", "01", 0.004, 0.010),
    Disease("HIV感染症", "B24", "8830002", "20056314", "01", 0.0004, 0.0001),
    Disease("胃炎", "K297", "5350009", "20054174", "01", 0.06, 0.16, 8),
    Disease("急性上気道炎", "J069", "4659007", "20056415", "06", 0.30, 0.16, 9),
    Disease("腰痛症", "M5456", "7242004", "20056516", "11", 0.08, 0.26, 9),
    Disease("膵島細胞症", "D137", "8849999", "20056617", "01", 0.0, 0.0),
)
RAREST = len(DISEASES) - 1
DIABETES, DYSLIPIDAEMIA, KIDNEY, HEPATITIS, CANCERS = 1, 2, 3, 13, (7, 8)


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug in the code tables."""

    name: str
    receipt: str
    yj: str
    dose: float
    unit: str


DRUGS: tuple[Drug, ...] = (
    Drug("アムロジピン錠５ｍｇ", "622038501", "2171022F2ZZZ", 1.0, "TAB"),
    Drug("メトホルミン塩酸塩錠２５０ｍｇ", "622242501", "3962002F2ZZZ", 2.0, "TAB"),
    Drug("アトルバスタチン錠１０ｍｇ", "622098801", "2189015F2ZZZ", 1.0, "TAB"),
    Drug("アピキサバン錠５ｍｇ", "622224901", "3339004F2ZZZ", 2.0, "TAB"),
    Drug("ブデソニド吸入剤", "620009101", "2290701G2ZZZ", 1.0, "KIT"),
    Drug("エスシタロプラム錠１０ｍｇ", "622078701", "1179054F1ZZZ", 1.0, "TAB"),
    Drug("ドネペジル塩酸塩錠５ｍｇ", "622110401", "1190012F2ZZZ", 1.0, "TAB"),
    Drug("メトトレキサート錠２ｍｇ", "622084301", "3999016F1ZZZ", 1.0, "TAB"),
    Drug("レバミピド錠１００ｍｇ", "620098801", "2329021F1ZZZ", 3.0, "TAB"),
    Drug("ロキソプロフェンナトリウム錠６０ｍｇ", "620004422", "1149019F1ZZZ", 3.0, "TAB"),
)


@dataclass(frozen=True, slots=True)
class LabItem:
    """A laboratory item: a normal or log-normal centre and spread, by sex, and its limits."""

    name: str
    jlac10: str
    unit: str
    male: float
    female: float
    spread: float
    shape: str
    """``log`` for log-normal (the spread is then a factor), ``plain`` for normal."""
    low: float
    high: float
    decimals: int


LAB_ITEMS: tuple[LabItem, ...] = (
    LabItem("HbA1c", "3D046000001920402", "%", 5.6, 5.6, 0.35, "plain", 4.9, 6.0, 1),
    LabItem("グルコース", "3D010000002327101", "mg/dL", 100, 98, 1.18, "log", 73, 109, 0),
    LabItem("クレアチニン", "3C015000002327101", "mg/dL", 0.82, 0.62, 1.25, "log", 0.46, 1.07, 2),
    LabItem("eGFR", "8A065000002391901", "mL/min/{1.73_m2}", 0, 0, 1, "plain", 60, 120, 1),
    LabItem("尿素窒素", "3C025000002327201", "mg/dL", 15, 14, 1.35, "log", 8, 20, 1),
    LabItem("AST", "3B035000002327201", "U/L", 23, 21, 1.45, "log", 13, 30, 0),
    LabItem("ALT", "3B045000002327201", "U/L", 22, 16, 1.6, "log", 7, 42, 0),
    LabItem("γ-GT", "3B090000002327101", "U/L", 33, 22, 1.9, "log", 9, 64, 0),
    LabItem("LDL-C", "3F077000002327101", "mg/dL", 116, 118, 28, "plain", 65, 163, 0),
    LabItem("HDL-C", "3F070000002327101", "mg/dL", 54, 65, 14, "plain", 38, 103, 0),
    LabItem("中性脂肪", "3F015000002327101", "mg/dL", 120, 92, 1.6, "log", 30, 234, 0),
    LabItem("Na", "3H010000002326101", "mmol/L", 141, 141, 2.3, "plain", 138, 145, 0),
    LabItem("K", "3H015000002326101", "mmol/L", 4.2, 4.2, 0.38, "plain", 3.6, 4.8, 1),
    LabItem("ヘモグロビン", "2A030000001930901", "g/dL", 14.6, 12.9, 1.3, "plain", 11.6, 16.8, 1),
    LabItem("白血球数", "2A990000001930952", "/uL", 6200, 6000, 1.3, "log", 3300, 8600, 0),
    LabItem("CRP", "5C070000002306201", "mg/dL", 0.09, 0.08, 3.2, "log", 0, 0.14, 2),
)
HBA1C, GLUCOSE, CREATININE, EGFR, AST, ALT, LDL = 0, 1, 2, 3, 5, 6, 8
