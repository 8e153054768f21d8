"""Small counts hidden in arithmetic, one file or more for each published trick, with the verdicts allowed.

A case is named as in the catalogue of adversarial outputs (B01 ... B27). ``worst`` of its verdicts must be
among ``allowed``; none of the cases may pass. Spreadsheets and pictures stand here as the nearest text
that a reader container makes of them.
"""

from dataclasses import dataclass

FIX = frozenset({"fix", "reject"})
LOOK = frozenset({"review", "fix", "reject"})


@dataclass(frozen=True)
class HiddenCase:
    """Files by name, and what the checks may say of them."""

    name: str
    files: dict[str, str]
    allowed: frozenset[str]


def _one(name: str, file: str, text: str, allowed: frozenset[str] = FIX) -> HiddenCase:
    return HiddenCase(name, {file: text}, allowed)


CASES: tuple[HiddenCase, ...] = (
    _one("B01", "t.csv", "診断,男,女,計\nA,20,30,50\nB,*,40,47\n計,27,70,97\n"),
    _one("B01 en", "t.csv", "Diagnosis,Male,Female,Total\nA,120,130,250\nB,<10,40,46\nTotal,126,170,296\n"),
    _one(
        "B02",
        "t.csv",
        "区分,A,B,C,合計\n1,11,12,36,59\n2,*,305,995,1302\n3,26,55,34,115\n合計,39,372,1065,1476\n",
    ),
    _one(
        "B03",
        "t.csv",
        "区分,A,B,C,合計\n1,11,12,36,60\n2,*,305,995,1310\n3,26,55,34,120\n合計,40,380,1070,1480\n",
        LOOK,
    ),
    _one(
        "B04",
        "t.csv",
        "V1,a,b,c,d,Total\nw,*,*,*,89,230\nx,*,124,*,31,250\ny,92,*,59,*,336\nz,800,*,651,*,3127\nTotal,1012,1262,779,890,3943\n",
    ),
    _one("B05", "t.csv", "診断,男,女,他,計\nA,20,30,40,90\nB,*,*,40,43\n計,21,32,80,133\n"),
    _one(
        "B06",
        "t.md",
        "表1. 有害事象 (N=412)\n\n| 事象 | 割合 |\n|---|---|\n| 発熱 | 12.4% |\n| 肝障害 | 0.7% |\n",
    ),
    _one("B06 text", "t.txt", "対象は412例で、そのうち0.7%に肝障害を認めた。\n"),
    _one("B06 en", "t.csv", "Event,Percent (N=412)\nFever,12.4\nLiver injury,0.7\n"),
    _one("B06 masked", "t.csv", "項目,全体 (n=412)\n男,210 (51.0)\n女,202 (49.0)\n肝障害,* (0.7)\n"),
    _one("B06 sentences", "t.txt", "解析対象は412名であった。死亡率は0.7%であった。\n"),
    _one("B06 row of n", "t.csv", "項目,A群,B群\nn,212,180\n男性(%),55.2,48.9\n喫煙(%),1.4,20.6\n"),
    _one("B07 sentence", "t.txt", "重症度の内訳は軽症14.3%、中等症28.6%、重症57.1%であった。\n"),
    _one("B09 sentence", "t.txt", "A群の平均は53.0、合計は159であった。\n"),
    _one("B12 sentence", "t.txt", "奏効割合は25.0%(95%信頼区間 11.6-38.4%)であった。\n", LOOK),
    _one("B16 shares", "t.csv", "月,累積割合(%) (N=412)\n1月,10.0\n2月,10.7\n3月,20.0\n"),
    _one(
        "B20 cells",
        "t.csv",
        "項目,全体 (n=525)\n男,100 (19.2)\n女,425 (80.8)\n若年,245 (46.6)\n中年,95 (17.9)\n高齢,185 (35.5)\n",
    ),
    _one("B07", "t.csv", "重症度,割合(%)\n軽症,14.3\n中等症,28.6\n重症,57.1\n"),
    _one("B08", "t.csv", "市区町村,人口,罹患率(人口10万対)\nA市,41667,2.4\nB市,812345,35.2\n"),
    _one("B09", "t.csv", "群,平均年齢,合計年齢\nA,53.0,159\nB,61.2,24480\n"),
    _one("B10", "t.csv", "変数,平均,標準偏差,n\n死亡(0/1),0.05,0.22,120\n"),
    _one("B11", "t.csv", "群,平均,SD,SE\nA,53.0,6.0,2.45\nB,61.2,10.0,0.5\n"),
    _one("B12", "t.csv", "群,奏効割合(%),95%CI下限,95%CI上限\nA,25.0,11.6,38.4\n", LOOK),
    _one("B13", "t.csv", "群,平均年齢\nA,72.33333333\nB,65.2\n"),
    _one(
        "B14",
        "t.md",
        "| 曝露 | 発症あり | 発症なし | 計 |\n|---|---|---|---|\n| あり | * | * | 20 |\n| なし | * | * | 100 |\n| 計 | 20 | 100 | 120 |\n\nオッズ比 4.889\n",
    ),
    _one(
        "B15",
        "t.md",
        "| 曝露 | 発症あり | 発症なし | 計 |\n|---|---|---|---|\n| あり | * | * | 60 |\n| なし | * | * | 90 |\n| 計 | 50 | 100 | 150 |\n\nカイ二乗値 = 12.50\n",
        LOOK,
    ),
    _one("B16", "t.csv", "月,累積患者数\n1月,10\n2月,12\n3月,25\n"),
    _one("B16 en", "t.csv", "Month,Cumulative cases\nJan,20\nFeb,22\nMar,45\n"),
    _one(
        "B17",
        "t.csv",
        "都道府県,二次医療圏,患者数\n千葉県,計,105\n千葉県,千葉,50\n千葉県,東葛,53\n千葉県,安房,*\n",
    ),
    _one("B17 indent", "t.csv", "地域,患者数\n千葉県,105\n　千葉,50\n　東葛,53\n　安房,*\n"),
    _one("B18", "t.csv", "疾患,患者数\n糖尿病,120\n高血圧,240\n脂質異常症,90\n合計,455\n"),
    _one("B18 header", "t.csv", "疾患,患者数 (n=455)\n糖尿病,120\n高血圧,240\n脂質異常症,90\n"),
    HiddenCase(
        "B19",
        {
            "a.csv": "性別,患者数\n男,210\n女,202\n計,412\n",
            "b.csv": "年齢,患者数\n65歳未満,200\n65歳以上,208\n計,408\n",
        },
        FIX,
    ),
    _one("B19 one", "t.csv", "項目,全体 (n=412)\n男,210\n女,202\n65歳未満,200\n65歳以上,208\n"),
    _one("B20", "t.csv", "区分,人数,割合(%)\nA,50,24.1\nB,60,30.2\nC,95,45.7\n計,205,100.0\n"),
    _one("B21", "t.csv", "区分,人数\nA,50\nB,60\nC,95\n計,207\n", LOOK),
    _one("B22", "t.csv", "区分,男,女\nA,5,20\nB,30,45\n"),
    _one("B23", "t.csv", "区分,人数\nA,3\nB,15\nC,21\nD,33\n", LOOK),
    _one("B23 large", "t.csv", "区分,人数\nA,27\nB,15\nC,21\nD,33\n", LOOK),
    _one("B24", "t.csv", "病院,患者数\nA,30\nB,26\nC,4\n計,60\n"),
    _one("B25", "t.txt", "1,203例中1,198例を解析した。\n"),
    _one("B25 en", "t.txt", "Of 1,203 patients, 1,198 were analysed.\n"),
    _one("B25 flow", "t.md", "対象 1,203例\n↓ 除外\n解析対象 1,198例\n"),
    _one("B26", "t.csv", "年齢,性別,値\n60代,男,3\n60代,女,12\n70代,男,14\n", LOOK),
    _one("B27", "t.csv", "区分,推計患者数\nA,12000\nB,34000\n", LOOK),
)
