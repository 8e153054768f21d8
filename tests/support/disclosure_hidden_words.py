"""The classes, headings and captions, in two languages, of generated files with hidden counts."""

CLASSES = {
    "ja": [
        ["軽症", "中等症", "重症", "最重症", "不明"],
        ["0-19歳", "20-39歳", "40-64歳", "65-74歳", "75歳以上"],
        ["内科", "外科", "小児科", "整形外科", "皮膚科"],
        ["糖尿病", "高血圧症", "脂質異常症", "心不全", "喘息"],
    ],
    "en": [
        ["Mild", "Moderate", "Severe", "Critical", "Unknown"],
        ["0-19", "20-39", "40-64", "65-74", "75+"],
        ["Medicine", "Surgery", "Paediatrics", "Orthopaedics", "Dermatology"],
        ["Diabetes", "Hypertension", "Dyslipidaemia", "Heart failure", "Asthma"],
    ],
}
WORDS = {
    "ja": {
        "class": ["区分", "重症度", "分類", "項目", ""],
        "pct": ["割合(%)", "割合", "構成比(%)", "%", "発現割合(%)"],
        "n": ["n", "人数", "患者数", "例数"],
        "total": ["計", "合計", "総数"],
        "caption": [
            "表1. 患者背景 (N={n})",
            "対象患者 {n}例の内訳",
            "解析対象: N = {n}",
            "表2 有害事象の発現状況(n={n})",
        ],
        "mean": ["平均", "平均値", "平均年齢"],
        "sum": ["合計", "総和", "合計値"],
        "event": ["死亡割合(%)", "再入院率(%)", "発現率(%)"],
        "group": ["A群", "B群", "C群", "対照群"],
        "cum": ["累積患者数", "累計", "累積発症数"],
        "rate": ["罹患率(人口10万対)", "死亡率(人口10万人当たり)", "受療率(人口10万対)"],
        "population": ["人口", "総人口"],
    },
    "en": {
        "class": ["Category", "Severity", "Variable", "Characteristic", ""],
        "pct": ["Percent", "%", "Percentage (%)", "pct", "Share (%)"],
        "n": ["n", "N", "Patients", "Count"],
        "total": ["Total", "All", "Overall"],
        "caption": [
            "Table 1. Patient characteristics (N={n})",
            "Adverse events, n={n}",
            "All patients (N = {n})",
        ],
        "mean": ["Mean", "mean", "Average"],
        "sum": ["Sum", "sum", "Sum of values"],
        "event": ["Mortality (%)", "Readmission (%)", "Event rate (%)"],
        "group": ["Arm A", "Arm B", "Arm C", "Control"],
        "cum": ["Cumulative cases", "Cumulative n", "cum_cases"],
        "rate": ["Incidence per 100,000", "Mortality per 100,000", "Rate per 100,000"],
        "population": ["Population", "population"],
    },
}
