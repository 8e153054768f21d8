"""Code tables: what a code means, from when until when.

They speak of no person and carry no key of one. The same code may stand several times, once per
version; its range of validity says which row holds on a day. The words for a code are of the
same nature as the code, since whoever reads one knows the other.
"""

from catalog.schema.columns import Column, Nature, Table
from catalog.schema.standing import AD, CL, QI, code


def _named(nature: Nature = Nature.CODE) -> tuple[Column, ...]:
    sort = QI if nature is Nature.REGION else CL
    return (
        Column("name", sort, "VARCHAR", "名称", "name", nature=nature),
        Column("name_en", sort, "VARCHAR", "英語名称", "name in English", nature=nature),
    )


def _versions() -> tuple[Column, ...]:
    return (
        Column("version", AD, "VARCHAR", "版", "version"),
        Column("valid_from", AD, "DATE", "有効開始日", "valid from"),
        Column("valid_until", AD, "DATE", "有効終了日", "valid until"),
        Column("dataset_id", AD, "VARCHAR", "データセット", "data set"),
        Column("source_system", AD, "VARCHAR", "元システム", "source system"),
    )


CODE_ICD10 = Table(
    "code_icd10",
    "ICD-10 コード表",
    "code table ICD-10",
    (code("code", "ICD-10", "ICD-10", "ICD-10"), *_named(), *_versions()),
)

CODE_MDCDX2 = Table(
    "code_mdcdx2",
    "標準病名 コード表",
    "code table of standard disease names",
    (
        code("code", "病名管理番号", "disease control number", "MDCDX2"),
        code("exchange_code", "病名交換用コード", "exchange code", "MDCDX2"),
        code("icd10", "ICD-10", "ICD-10", "ICD-10"),
        code("receipt_disease_code", "傷病名コード", "claims disease code", "レセ電"),
        *_named(),
        *_versions(),
    ),
)

CODE_JLAC10 = Table(
    "code_jlac10",
    "JLAC10 コード表",
    "code table JLAC10",
    (
        Column("code", CL, "VARCHAR", "JLAC10", "JLAC10", codes="JLAC10"),
        *_named(Nature.PLAIN),
        Column("unit_ucum", CL, "VARCHAR", "単位", "unit", codes="UCUM"),
        *_versions(),
    ),
)

CODE_DRUG = Table(
    "code_drug",
    "医薬品 コード表",
    "code table of drugs",
    (
        code("hot9", "HOT9", "HOT9", "HOT9"),
        code("yj", "YJコード", "YJ code", "YJ"),
        code("receipt", "医薬品コード", "claims drug code", "レセ電"),
        *_named(),
        *_versions(),
    ),
)

CODE_PROCEDURE = Table(
    "code_procedure",
    "診療行為 コード表",
    "code table of procedures",
    (
        code("code", "診療行為コード", "procedure code", "レセ電"),
        code("k_code", "Kコード", "K code", "K"),
        *_named(),
        Column("points", CL, "DOUBLE", "点数", "points"),
        *_versions(),
    ),
)

CODE_JFAGY = Table(
    "code_jfagy",
    "J-FAGY コード表",
    "code table J-FAGY",
    (code("code", "J-FAGYコード", "J-FAGY code", "J-FAGY"), *_named(), *_versions()),
)

CODE_DEPT = Table(
    "code_dept",
    "診療科 コード表",
    "code table of departments",
    (
        Column("code", QI, "VARCHAR", "診療科", "department", codes="SS-MIX2"),
        *_named(Nature.PLAIN),
        *_versions(),
    ),
)

CODE_MUNICIPALITY = Table(
    "code_municipality",
    "市区町村 コード表",
    "code table of municipalities",
    (
        Column("code", QI, "VARCHAR", "市区町村", "municipality", codes="JIS X 0402", nature=Nature.REGION),
        Column("secondary_area", QI, "VARCHAR", "二次医療圏", "secondary medical area", nature=Nature.REGION),
        Column(
            "prefecture", QI, "VARCHAR", "都道府県", "prefecture", codes="JIS X 0401", nature=Nature.REGION
        ),
        *_named(Nature.REGION),
        *_versions(),
    ),
)

CODE_TABLES = (
    CODE_ICD10,
    CODE_MDCDX2,
    CODE_JLAC10,
    CODE_DRUG,
    CODE_PROCEDURE,
    CODE_JFAGY,
    CODE_DEPT,
    CODE_MUNICIPALITY,
)
"""Every code table."""
