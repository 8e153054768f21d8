"""A registry that is not ours: its tables as a database describes them, and its classes file."""

from catalog.registration import FoundTable

REGISTRY = FoundTable(
    "CancerCase",
    {"case_key": "BIGINT", "patient": "BIGINT", "診断日": "DATE", "stage": "VARCHAR", "name": "VARCHAR"},
)
HOSPITALS = FoundTable("areas", {"area": "VARCHAR", "beds": "INTEGER"})

CLASSES = """name: registry
ja: がん登録
en: cancer registry
tables:
  cancer_case:
    from: CancerCase
    ja: がん症例
    en: cancer cases
    columns:
      case_key: {class: LK, type: BIGINT, nature: plain, ja: 症例キー, en: case key, entity: cancer_case}
      patient_key:
        from: patient
        class: LK
        type: BIGINT
        nature: plain
        ja: 患者キー
        en: patient key
        entity: patient
      diagnosed_on: {from: 診断日, class: QI, type: DATE, nature: event, ja: 診断日, en: diagnosed on}
      stage: {class: CL, type: VARCHAR, nature: plain, ja: 病期, en: stage, codes: UICC}
      name: {class: DI, type: VARCHAR, nature: plain, ja: 氏名, en: name}
  area:
    from: areas
    ja: 二次医療圏
    en: areas
    columns:
      area: {class: QI, type: VARCHAR, nature: region, ja: 二次医療圏, en: area}
      beds: {class: AD, type: INTEGER, nature: plain, ja: 病床数, en: beds, unit: "{beds}"}
"""


def line_with(text: str, words: str) -> int:
    """The line (from 1) on which these words stand first."""
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)
