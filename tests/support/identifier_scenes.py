"""Where else a name stands: letters, mails, talk, notes of nurses, abstracts, captions, systems. ``{n}`` is the name.

Two halves as with the other templates: rules are looked at with the first, the second is only measured.
"""

DEVELOPMENT: dict[str, tuple[str, ...]] = {
    "letter": (
        "拝啓 いつもお世話になっております。このたび{n}のご紹介を賜り厚く御礼申し上げます。",
        "以上、ご高診のほどお願い申し上げます。\n記載医　{n}",
        "Dear Dr. Mori,\n\nI am writing about {n}, whom you saw in May.",
    ),
    "mail": (
        "件名：集計の確認\n\n{n}です。添付の表をご覧ください。",
        "宛先に{n}を加えておきました。",
        "--\n{n}\n医療情報部",
    ),
    "talk": (
        "えっと、さっきの{n}なんですけど、もうリハビリに行かれました。",
        "はい、{n}と申します。咳が止まらなくて。",
    ),
    "nursing": (
        "14時、{n}よりナースコールあり。創部痛を訴える。",
        "S「痛い」 O {n}、表情やや苦悶様。 A 疼痛 P 鎮痛薬を使用",
        "付き添い：{n}（続柄は長女）",
    ),
    "abstract": (
        "【背景】脳梗塞の予後は不明である。演者（{n}）らは多施設で検討した。",
        "The figures were prepared by {n} and checked twice.",
    ),
    "caption": ("図4：{n}の胸部単純写真", "写真提供：{n}"),
    "systems": (
        '{{"resourceType": "Practitioner", "name": [{{"text": "{n}"}}]}}',
        "受付担当／{n}／内科外来",
        "記録者（{n}）",
        "氏名【{n}】性別【男】",
    ),
}
HELD_OUT: dict[str, tuple[str, ...]] = {
    "letter": (
        "謹んで申し上げます。先日ご紹介の{n}につき、検査が終わりましたのでご報告します。",
        "今後とも{n}をよろしくお願い申し上げます。",
        "Yours faithfully,\n{n}, MD",
    ),
    "mail": (
        "お世話になります、統計室の{n}です。再計算が終わりました。",
        "この件は{n}に転送済みです。",
        "From: {n}\nSubject: 打ち合わせの日程",
    ),
    "talk": (
        "あの、{n}って、今朝退院された方ですよね。",
        "昨日ね、{n}が薬を飲み忘れたって言ってました。",
    ),
    "nursing": (
        "夜間、{n}はよく眠れていた。体温36.8度。",
        "清拭は{n}と二人で行い、皮膚に異常なし。",
        "来訪者：{n}、面会は十分間",
    ),
    "abstract": (
        "【結語】治療は有効であった。発表者：{n}",
        "Photographs were taken by {n} with permission.",
    ),
    "caption": ("図10．{n}における心拍の変化", "撮影　{n}（許可を得て掲載）"),
    "systems": (
        '{{"performer": {{"display": "{n}"}}, "status": "final"}}',
        "入力者／{n}／訂正なし",
        "承認者（{n}）",
        "患者氏名「{n}」病棟「東」",
    ),
}
IN_CELLS = (
    ("患者名\n{n}\n", "\n"),
    ("| 名 |\n|---|\n| {n} |\n", " |\n| "),
    ('{{"氏名": ["{n}"]}}', '", "'),
    ("担当\t{n}\t様", "\t"),
    ("段組みの見出し：\n{n}\n殿", "\n"),
)
"""Places where a name stands with one letter a line or a cell, and what stands between the letters."""
HEADED_INITIALS = (
    "initials,n\n{n},30",
    "| イニシャル | 群 |\n|---|---|\n| {n} | 1 |",
    '{{"initials": "{n}"}}',
    "イニシャル：{n}",
    "患者{n}（七十代）は軽快した。",
)
