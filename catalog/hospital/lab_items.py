"""What the laboratories measure: the forty-three items, the five infections, and eGFR.

Units are UCUM; limits, centres and spreads are those of an adult (women's where they differ);
``log`` values are log-normal, their spread a factor. Where two items go together, ``goes_with``
names the other and how strongly (a correlation of the two on their own scales). Everything is a
design choice for a demonstration; the codes exist.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A laboratory item."""

    name: str
    panel: str
    jlac10: str
    unit: str
    scale: str
    """``plain``, ``log``, or ``ordinal`` for -, ±, 1+ … 4+, ``sign`` for - and +, ``code`` for a blood group."""
    male: float
    female: float
    spread: float
    low: tuple[float, float]
    """Lower limit for men and for women."""
    high: tuple[float, float]
    decimals: int
    goes_with: str
    strength: float
    everywhere: bool
    """No hospital lacks it."""


def _pair(text: str) -> tuple[float, float]:
    parts = [float(part) for part in text.split("|")]
    return parts[0], parts[-1]


def _items(words: str) -> tuple[Item, ...]:
    """One item a line: men|women where they differ, ``!`` before a name that every hospital has."""
    found = []
    for line in words.strip().splitlines():
        name, panel, jlac10, unit, scale, centre, spread, low, high, decimals, other = line.split()
        partner, _, strength = other.partition(":")
        found.append(
            Item(
                name.removeprefix("!"),
                panel,
                jlac10,
                "" if unit == "-" else unit,
                scale,
                *_pair(centre),
                float(spread),
                _pair(low),
                _pair(high),
                int(decimals),
                partner.strip("-"),
                float(strength or 0),
                everywhere=name.startswith("!"),
            )
        )
    return tuple(found)


ITEMS = _items(
    """
!TP chem 3A010000002327101 g/dL plain 7.1 0.5 6.6 8.1 1 -
!ALB chem 3A015000002327101 g/dL plain 4.2 0.45 4.1 5.1 1 -
CK chem 3B010000002327201 U/L log 110|85 1.7 59|41 248|153 0 -
!AST chem 3B035000002327201 U/L log 22 1.5 13 30 0 -
!ALT chem 3B045000002327201 U/L log 21|16 1.7 10|7 42|23 0 AST:0.85
LD chem 3B050000002327901 U/L log 185 1.25 124 222 0 -
!ALP chem 3B070000002327501 U/L log 75 1.35 38 113 0 -
!γ-GT chem 3B090000002327101 U/L log 33|22 2.0 13|9 64|32 0 -
ChE chem 3B110000002327101 U/L plain 320|300 70 240|201 486|421 0 -
AMY chem 3B160000002327101 U/L log 75 1.4 44 132 0 -
!Cre chem 3C015000002327101 mg/dL log 0.82|0.62 1.3 0.65|0.46 1.07|0.79 2 -
Cys-C chem 3C016000002306201 mg/L log 0.78|0.70 1.22 0.63|0.56 0.95|0.87 2 Cre:0.8
UA chem 3C020000002327101 mg/dL plain 5.9|4.5 1.2 3.7|2.6 7.8|5.5 1 -
!BUN chem 3C025000002327201 mg/dL log 15 1.4 8 20 1 Cre:0.7
!BS sugar 3D010000002327101 mg/dL log 100 1.2 73 109 0 -
!HbA1c sugar 3D046000001920402 % plain 5.6 0.4 4.9 6.0 1 BS:0.5
!TG lipid 3F015000002327101 mg/dL log 125|95 1.7 40|30 234|117 0 -
T-CHO lipid 3F050000002327101 mg/dL plain 198 36 142 248 0 -
HDL-C lipid 3F070000002327101 mg/dL plain 54|65 15 38|48 90|103 0 TG:-0.5
!LDL-C lipid 3F077000002327101 mg/dL plain 118 31 65 163 0 T-CHO:0.8
!Na chem 3H010000002326101 meq/L plain 141 2.5 138 145 0 -
!K chem 3H015000002326101 meq/L plain 4.2 0.4 3.6 4.8 1 -
!Cl chem 3H020000002326101 meq/L plain 104 2.8 101 108 0 Na:0.7
!Ca chem 3H030000002327101 mg/dL plain 9.2 0.5 8.8 10.1 1 ALB:0.6
!T-Bil chem 3J010000002327101 mg/dL log 0.7 1.5 0.4 1.5 1 -
D-Bil chem 3J015000002327101 mg/dL log 0.15 1.6 0 0.3 1 T-Bil:0.8
!WBC blood 2A990000001930952 /uL log 6200 1.35 3300 8600 0 -
!RBC blood 2A990000001930951 10*4/uL plain 470|430 45 435|386 555|492 0 -
!Hb blood 2A990000001930953 g/dL plain 14.4|12.9 1.6 13.7|11.6 16.8|14.8 1 RBC:0.85
!PLT blood 2A990000001930955 10*4/uL log 23 1.35 15.8 34.8 1 -
APTT clot 2B020000002231101 s plain 30 4 25 40 1 -
PT-INR clot 2B030000002231157 {INR} log 1.0 1.08 0.85 1.15 2 -
DD clot 2B140000002206201 ug/mL log 0.8 2.4 0 1.0 1 -
U-TP urine 1A990000000191153 - ordinal 0 1 0 0 0 -
U-Glu urine 1A990000000191154 - ordinal 0 1 0 0 0 -
U-Bld urine 1A990000000191159 - ordinal 0 1 0 0 0 -
U-P/C urine2 1A990000000191183 g/g{creat} log 0.08 2.2 0 0.15 2 -
U-A/C urine2 3A015000000106151 mg/g{creat} log 14 2.8 0 30 1 U-P/C:0.6
BNP heart 4Z271000002205101 pg/mL log 22 3.0 0 18.4 1 -
NT-proBNP heart 4Z272000002305301 pg/mL log 140 3.0 0 125 0 BNP:0.9
!CRP blood 5C070000002306201 mg/dL log 0.1 4.0 0 0.14 2 -
BLD-ABO group 5H010000001910114 - code 0 1 0 0 0 -
BLD-Rh group 5H020000001910114 - code 0 1 0 0 0 -
RPR infect 5E074135102311711 - sign 0 1 0 0 0 -
TP抗体 infect 5E074135202306201 - sign 0 1 0 0 0 -
HBs抗原 infect 5F016141002305101 - sign 0 1 0 0 0 -
HCV抗体 infect 5F360151302305211 - sign 0 1 0 0 0 -
HIV抗体 infect 5F560155002305111 - sign 0 1 0 0 0 -
!eGFR chem 8A065000002391901 mL/min/{1.73_m2} plain 75 15 60 120 1 -
"""
)
OF_THE_43 = 43
"""How many of them are the forty-three; the infections and eGFR follow."""
PLACE = {item.name: place for place, item in enumerate(ITEMS)}
PANELS = ("chem", "blood", "sugar", "lipid", "urine", "urine2", "clot", "heart", "group", "infect")
PANEL_SHARES = (0.66, 0.70, 0.40, 0.34, 0.26, 0.06, 0.08, 0.08, 0.025, 0.03)
"""How often a panel is ordered when anything is."""
GRADES = ("-", "±", "1+", "2+", "3+", "4+")
GRADE_LIMITS = (1.036, 1.405, 1.751, 2.054, 2.326)
"""Standard deviations above which a grade begins: 85, 7, 4, 2, 1 and 1 of a hundred."""
BLOOD_GROUPS = ("A", "O", "B", "AB")
"""38, 31, 22 and 9 of a hundred."""
METHODS_BEFORE = {"ALP": ("3B070000002327101", 2.84), "LD": ("3B050000002327201", 1.0)}
"""The code of the JSCC method, and how many times as high its values stand."""
OTHER_HBA1C = "3D046000001906202"
IMPURITIES = ("測定不能", "検体不足", "溶血", "乳び", "(±)", "陰性", "再検中", "2+")
"""What stands where a number should."""
