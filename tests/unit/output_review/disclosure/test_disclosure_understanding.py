"""A table understood: quantities, keys, sums, masks, headers of several rows, written precision."""

from decimal import Decimal

import pytest

from output_review.disclosure.quantities import Quantity, quantities_of
from output_review.disclosure.structure import Mask, Structured
from output_review.disclosure.tables import table_from_csv
from output_review.disclosure.text_tables import tables_from_text
from output_review.disclosure.understanding import understand
from output_review.disclosure.written_numbers import Part, written_numbers


def _understood(text: str) -> Structured:
    table = table_from_csv(text)
    assert table is not None
    return understand(table)


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("患者数", Quantity.PERSONS, Quantity.UNKNOWN),
        ("n (%)", Quantity.PERSONS, Quantity.PERCENTAGE),
        ("平均年齢 (SD)", Quantity.MEAN, Quantity.SD),
        ("OR (95% CI)", Quantity.RATIO, Quantity.INTERVAL),
        ("Pr(>|t|)", Quantity.P_VALUE, Quantity.UNKNOWN),
        ("10万人当たり", Quantity.RATE, Quantity.UNKNOWN),
        ("標準誤差", Quantity.SE, Quantity.UNKNOWN),
        ("件数", Quantity.ROWS, Quantity.UNKNOWN),
        ("施設数", Quantity.FACILITIES, Quantity.UNKNOWN),
        ("num at risk", Quantity.AT_RISK, Quantity.UNKNOWN),
        ("男", Quantity.UNKNOWN, Quantity.UNKNOWN),
    ],
)
def test_a_heading_says_what_its_numbers_are(heading: str, first: Quantity, second: Quantity) -> None:
    assert quantities_of(heading) == (first, second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14.30", [("14.30", 2, Part.FIRST)]),
        ("１，２３４", [("1234", 0, Part.FIRST)]),
        ("1 234 567", [("1234567", 0, Part.FIRST)]),
        ("△3.5", [("-3.5", 1, Part.FIRST)]),
        ("七", [("7", 0, Part.FIRST)]),
        ("7 (14.3%)", [("7", 0, Part.FIRST), ("14.3", 1, Part.INSIDE)]),
        ("53.0 ± 12.1", [("53.0", 1, Part.FIRST), ("12.1", 1, Part.SPREAD)]),
        ("1.20 (0.95-1.51)", [("1.20", 2, Part.FIRST), ("0.95", 2, Part.LOW), ("1.51", 2, Part.HIGH)]),
        ("7/45", [("7", 0, Part.FIRST), ("45", 0, Part.DENOMINATOR)]),
        ("数例", []),
    ],
)
def test_numbers_keep_their_places(text: str, expected: list[tuple[str, int, Part]]) -> None:
    assert [(n.value, n.places, n.part) for n in written_numbers(text)] == [
        (Decimal(value), places, part) for value, places, part in expected
    ]


def test_a_key_is_the_same_when_the_table_is_turned() -> None:
    across = _understood("診断,男,女\nA,12,20\nB,30,40\n")
    down = _understood("性別,A,B\n男,12,30\n女,20,40\n")
    assert {e.key.labels: e.count for e in across.entries.values()} == {
        e.key.labels: e.count for e in down.entries.values()
    }


def test_headers_of_several_rows_reach_to_the_right() -> None:
    table = _understood(
        "年齢,男,,女,\n,人数,割合(%),人数,割合(%)\n0-4歳,12,14.3,20,28.6\n5-9歳,15,20.0,30,40.1\n"
    )
    assert [column.labels for column in table.columns[1:]] == [
        ("男", "人数"),
        ("男", "割合(%)"),
        ("女", "人数"),
        ("女", "割合(%)"),
    ]
    assert [column.quantity for column in table.columns[1:3]] == [Quantity.PERSONS, Quantity.PERCENTAGE]


def test_what_adds_up_to_what() -> None:
    table = _understood(
        "都道府県,医療圏,男,女,計\n東京,区中央部,12,20,32\n,区南部,30,40,70\n,小計,42,60,102\n大阪,北部,10,11,21\n合計,,52,71,123\n"
    )
    rows = {(a.total, a.parts) for a in table.row_sums}
    assert rows == {(2, (0, 1)), (4, (0, 1, 3))}
    assert [(a.total, a.parts) for a in table.column_sums] == [(4, (2, 3))]
    assert len(table.sums) == 2 * 3 + 5


def test_a_mask_hides_what_it_or_its_legend_says() -> None:
    table = _understood("注: * は 3〜9 人\n診断,男,女,他\nA,*,<10,-\nB,20,30,40\n")
    masks = [entry.mask for entry in table.row(0)]
    assert masks == [Mask(3, 9), Mask(1, 9), Mask(1, None)]


def test_statistics_in_rows_are_read_by_their_rows() -> None:
    table = _understood(",age,sbp\ncount,150,150\nmean,53.2,120.5\nmin,18,90\nmax,109,200\n")
    assert [entry.quantity for entry in table.column(1)] == [
        Quantity.PERSONS,
        Quantity.MEAN,
        Quantity.MINIMUM,
        Quantity.MAXIMUM,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "     sex  n\n1   male 12\n2 female  7\n",
        "        sex\ndx       F  M\n  J18   12  7\n  I10   20 33\n",
        "           |        sex\n     group |      male     female |     Total\n-----------+----------------------+----------\n         A |        12          7 |        19 \n         B |        30         40 |        70 \n",
        "\\begin{tabular}{lrr}\n & \\textbf{M} & F \\\\\n\\hline\nJ18 & 12 & 7 \\\\\nI10 & 20 (14.3\\%) & 33 \\\\\n\\end{tabular}\n",
        "診断名          男      女\n肺炎            12       7\n心不全 急性     30      45\n",
    ],
)
def test_printed_tables_are_read_by_their_layout(text: str) -> None:
    counts = [count for table in tables_from_text(text) for _, count in table.counts()]
    assert 7 in counts
    assert 12 in counts
