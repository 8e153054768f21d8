"""Drugs the invented people are given; codes have the shape of the national tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug in the code tables."""

    name: str
    receipt: str
    yj: str
    hot9: str
    dose: float
    unit: str
    route: str = "PO"


def _drugs(words: str) -> tuple[Drug, ...]:
    """One drug a line: name, claims code, YJ, HOT9, daily dose, unit, route."""
    rows = (line.split() for line in words.strip().splitlines())
    return tuple(Drug(n, r, y, h, float(d), u, way) for n, r, y, h, d, u, way in rows)


DRUGS = _drugs(
    """
アムロジピン錠５ｍｇ 622038501 2171022F2ZZZ 101624401 1 TAB PO
メトホルミン塩酸塩錠２５０ｍｇ 622242501 3962002F2ZZZ 112331601 2 TAB PO
アトルバスタチン錠１０ｍｇ 622098801 2189015F2ZZZ 113220701 1 TAB PO
アピキサバン錠５ｍｇ 622224901 3339004F2ZZZ 122402201 2 TAB PO
ブデソニド吸入剤 620009101 2290701G2ZZZ 114103801 1 KIT IH
エスシタロプラム錠１０ｍｇ 622078701 1179054F1ZZZ 121044101 1 TAB PO
ドネペジル塩酸塩錠５ｍｇ 622110401 1190012F2ZZZ 111655401 1 TAB PO
メトトレキサート錠２ｍｇ 622084301 3999016F1ZZZ 114406001 1 TAB PO
レバミピド錠１００ｍｇ 620098801 2329021F1ZZZ 103831601 3 TAB PO
ロキソプロフェンナトリウム錠６０ｍｇ 620004422 1149019F1ZZZ 100746201 3 TAB PO
アセトアミノフェン錠２００ｍｇ 621524801 1141007F1ZZZ 101049401 3 TAB PO
フロセミド錠２０ｍｇ 620005891 2139005F1ZZZ 102071801 1 TAB PO
タムスロシン錠０．２ｍｇ 622011201 2590008F1ZZZ 119302501 1 TAB PO
ドルテグラビル錠５０ｍｇ 622335001 6250037F1ZZZ 123177401 1 TAB PO
エンテカビル錠０．５ｍｇ 622449601 6250029F1ZZZ 117298701 1 TAB PO
チオトロピウム吸入薬 620003084 2259709G1ZZZ 116313201 1 KIT IH
酸化マグネシウム錠３３０ｍｇ 622354601 2344009F1ZZZ 101820001 3 TAB PO
アモキシシリンカプセル２５０ｍｇ 620003401 6131001M2ZZZ 110626901 3 CAP PO
"""
)
INFUSIONS = _drugs(
    """
生理食塩液５００ｍＬ 620007329 3311402A2ZZZ 107750602 500 ML IV
ブドウ糖注射液５％ 620008370 3231401A4ZZZ 107547201 500 ML IV
セファゾリンナトリウム注射用１ｇ 640453040 6132401D2ZZZ 110754902 1 G IV
フロセミド注射液２０ｍｇ 620009130 2139401A1ZZZ 107181901 20 MG IV
ヘパリンナトリウム注射液 621512301 3334403A1ZZZ 117852001 5000 U IV
"""
)
"""Given by injection: base solutions first, then what is put into them."""
BASES = 2
