"""Columns of numbers that identify nobody: results, codes, times, money, ratios, versions, ranges."""

import random
from collections.abc import Callable

Column = Callable[[random.Random], str]

COLUMNS: dict[str, Column] = {
    "人数": lambda rng: str(rng.randint(10, 99_999)),
    "患者数 ": lambda rng: f"{rng.randint(10, 9_999_999):,}",
    "医療費(円)": lambda rng: str(rng.randint(10_000_000, 99_999_999)),
    "総額": lambda rng: str(rng.randint(1_000_000_000, 999_999_999_999)),
    "点数": lambda rng: str(rng.randint(10, 1_000_000)),
    "時刻": lambda rng: (
        f"{rng.randint(2015, 2025)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(0, 23):02}{rng.randint(0, 59):02}"
    ),
    "記録日時": lambda rng: (
        f"{rng.randint(2015, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:00"
    ),
    "年月": lambda rng: f"{rng.randint(2015, 2025)}{rng.randint(1, 12):02}",
    "年月 ": lambda rng: f"{rng.randint(2015, 2025)}-{rng.randint(1, 12):02}",
    "日": lambda rng: f"{rng.randint(2015, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    "オッズ比": lambda rng: f"{rng.uniform(0.2, 4):.2f}",
    "95%CI": lambda rng: f"{rng.uniform(0.2, 1):.2f}-{rng.uniform(1, 4):.2f}",
    "CI": lambda rng: f"({rng.uniform(0.2, 1):.3f}, {rng.uniform(1, 4):.3f})",
    "P値": lambda rng: f"{rng.random():.4f}",
    "平均±SD": lambda rng: f"{rng.uniform(1, 200):.1f}±{rng.uniform(1, 20):.1f}",
    "版": lambda rng: f"{rng.randint(1, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 20)}",
    "JLAC10": lambda rng: (
        f"{rng.randint(1, 9)}{rng.choice('ABCDEF')}{rng.randint(0, 999):03}0000{rng.randint(0, 999):03}{rng.randint(0, 999):03}01"[
            :17
        ]
    ),
    "HOTコード": lambda rng: str(rng.randint(1_000_000_000_000, 1_999_999_999_999)),
    "HOT9": lambda rng: str(rng.randint(100_000_000, 199_999_999)),
    "YJコード": lambda rng: (
        f"{rng.randint(1000, 9999)}{rng.randint(1, 999):03}{rng.choice('FAXC')}{rng.randint(1000, 9999)}"
    ),
    "レセプト電算コード": lambda rng: f"{rng.choice('16')}{rng.randint(0, 99_999_999):08}",
    "薬剤コード": lambda rng: f"6{rng.randint(0, 99_999_999):08}",
    "診療行為コード": lambda rng: f"1{rng.randint(0, 99_999_999):08}",
    "DPCコード": lambda rng: (
        f"{rng.randint(10_000, 180_000):06}xx{rng.randint(10, 99)}x{rng.randint(0, 9)}xx"
    ),
    "病名管理番号": lambda rng: f"200{rng.randint(50_000, 99_999)}",
    "傷病名コード": lambda rng: str(rng.randint(1_000_000, 9_999_999)),
    "範囲": lambda rng: f"{rng.randint(1, 9)}00-{rng.randint(10, 99)}00",
    "用量": lambda rng: f"{rng.randint(1, 50)}00-{rng.randint(51, 200)}00mg",
    "検査値": lambda rng: f"{rng.uniform(0, 2000):.3f}",
    "標準化": lambda rng: f"{rng.uniform(-3, 3):.12f}",
    "seed": lambda rng: str(rng.randint(100_000_000_000, 999_999_999_999)),
    "人年": lambda rng: f"{rng.uniform(100, 99999):.1f}",
    "血圧": lambda rng: f"{rng.randint(90, 180)}/{rng.randint(50, 110)}",
    "n": lambda rng: str(rng.randint(10, 99_999_999)),
    "x": lambda rng: f"{rng.randint(10, 99)}.{rng.randint(100, 999)}",
    "year": lambda rng: str(rng.randint(1990, 2025)),
    "割合": lambda rng: f"{rng.uniform(0, 100):.1f}%",
    "人/床": lambda rng: f"{rng.randint(10, 999)}/{rng.randint(1000, 9999)}",
}
