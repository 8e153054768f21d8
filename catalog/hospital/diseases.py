"""Diseases of the invented people: codes, department, how common by age, the drug.

Every prevalence is a design choice for a demonstration, not epidemiology; codes have the shape
of the national tables. ``膵島細胞症`` is the Cabinet Office's own example of a rare disease: one
patient of a hospital has it, whatever the hospital's size.
"""

from dataclasses import dataclass


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
    drug: int
    """The place of its drug in ``DRUGS``, or -1."""
    factor: str
    """Which of a person's hidden leanings it goes with."""
    sex: str
    """``F`` or ``M`` when only one sex has it."""


def _diseases(words: str) -> tuple[Disease, ...]:
    """One disease a line; ``-`` is nothing."""
    found = []
    for line in words.strip().splitlines():
        name, icd10, receipt, mdcdx2, department, young, old, drug, factor, sex = line.split()
        found.append(
            Disease(
                name,
                icd10,
                receipt,
                mdcdx2,
                department,
                float(young),
                float(old),
                int(drug),
                factor,
                sex.strip("-"),
            )
        )
    return tuple(found)


DISEASES = _diseases(
    """
高血圧症 I10 8833421 20054210 01 0.04 0.60 0 metabolic -
２型糖尿病 E11 2500015 20055001 01 0.01 0.18 1 metabolic -
脂質異常症 E785 2724007 20055102 01 0.05 0.38 2 metabolic -
慢性腎臓病 N189 8842106 20055203 01 0.005 0.20 -1 metabolic -
心房細動 I489 4273007 20055304 08 0.002 0.07 3 vascular -
心不全 I509 4289017 20055405 08 0.001 0.09 11 vascular -
脳梗塞 I639 4349009 20055506 07 0.001 0.08 3 vascular -
慢性閉塞性肺疾患 J449 4969001 20057001 06 0.001 0.08 15 vascular -
胃癌 C169 1519003 20055607 10 0.0004 0.022 -1 none -
大腸癌 C189 1539005 20057102 10 0.0004 0.026 -1 none -
肺癌 C349 1629009 20057203 06 0.0002 0.018 -1 vascular -
乳癌 C509 1749007 20055708 10 0.002 0.028 -1 none F
前立腺癌 C61 1859001 20057304 11 0.0 0.045 12 none M
肝癌 C220 1550001 20057405 01 0.0001 0.006 -1 none -
膵癌 C259 1579006 20057506 01 0.0001 0.006 -1 none -
子宮癌 C55 1799001 20057607 12 0.001 0.008 -1 none F
気管支喘息 J459 4939008 20055809 06 0.05 0.05 4 none -
うつ病 F329 2961002 20055910 04 0.04 0.04 5 mental -
アルツハイマー型認知症 G309 8842207 20056011 07 0.0 0.11 6 mental -
関節リウマチ M0690 7140015 20056112 11 0.003 0.018 7 none -
慢性Ｂ型肝炎 B181 0703004 20056213 01 0.004 0.010 14 none -
慢性Ｃ型肝炎 B182 0703005 20057708 01 0.001 0.014 -1 none -
HIV感染症 B24 8830002 20056314 01 0.0004 0.0001 13 none -
梅毒 A539 0979004 20057809 05 0.006 0.003 17 none -
前立腺肥大症 N40 6000001 20057910 11 0.001 0.20 12 none M
妊娠 Z33 8846411 20058011 12 0.0 0.0 -1 none F
胃炎 K297 5350009 20054174 01 0.06 0.16 8 none -
便秘症 K590 5640004 20058112 01 0.02 0.14 16 none -
急性上気道炎 J069 4659007 20056415 06 0.30 0.16 10 none -
腰痛症 M5456 7242004 20056516 11 0.08 0.26 9 none -
急性胃腸炎 A099 0091001 20058213 01 0.0 0.0 8 none -
急性気管支炎 J209 4660001 20058314 06 0.0 0.0 17 none -
膀胱炎 N300 5959001 20058415 11 0.0 0.0 17 none -
湿疹 L309 6929001 20058516 05 0.0 0.0 -1 none -
ファブリー病 E752 8838009 20058617 01 0.0 0.0 -1 none -
全身性アミロイドーシス E859 2773002 20058718 01 0.0 0.0 -1 none -
肺胞蛋白症 J840 5160003 20058819 06 0.0 0.0 -1 none -
クッシング病 E240 2550001 20058920 01 0.0 0.0 -1 none -
膵島細胞症 D137 8849999 20056617 01 0.0 0.0 -1 none -
"""
)
"""The last five are rare: few people of a whole hospital have them, and one person the last."""
_PLACE = {disease.name: place for place, disease in enumerate(DISEASES)}
HYPERTENSION, DIABETES, DYSLIPIDAEMIA, KIDNEY, FIBRILLATION, HEART, STROKE, COPD = range(8)
CANCERS = tuple(range(_PLACE["胃癌"], _PLACE["子宮癌"] + 1))
PANCREAS = _PLACE["膵癌"]
MENTAL = (_PLACE["うつ病"], _PLACE["アルツハイマー型認知症"])
RHEUMATISM, HEPATITIS_B, HEPATITIS_C = _PLACE["関節リウマチ"], _PLACE["慢性Ｂ型肝炎"], _PLACE["慢性Ｃ型肝炎"]
HIV, SYPHILIS, PREGNANT = _PLACE["HIV感染症"], _PLACE["梅毒"], _PLACE["妊娠"]
GRAVE = (*range(CANCERS[-1] + 1), *MENTAL[1:])
"""Those that shorten life."""
COLD = _PLACE["急性上気道炎"]
ACUTE = tuple(range(COLD, _PLACE["湿疹"] + 1))
"""Those a person may come with at any visit."""
RARE = tuple(range(len(DISEASES) - 5, len(DISEASES)))
RAREST = RARE[-1]
FACTORS = ("metabolic", "vascular", "mental")
