"""The sentences notes are made of: clinical ones, ones that name somebody, ones with a number of another kind.

``{kind}`` in a sentence is where a value of that kind is planted.
"""

from itertools import product

NOTES = (
    ("11506-3", "経過記録"),
    ("34746-8", "看護記録"),
    ("18842-5", "退院時サマリー"),
    ("18748-4", "画像所見"),
    ("11526-1", "病理所見"),
    ("57133-1", "診療情報提供書"),
)
"""LOINC and heading of the six kinds of note."""
_SIGNS = [
    "発熱",
    "頭痛",
    "咳嗽",
    "腹痛",
    "嘔気",
    "下痢",
    "動悸",
    "浮腫",
    "呼吸困難",
    "胸痛",
    "めまい",
    "倦怠感",
    "食欲低下",
    "不眠",
    "関節痛",
    "皮疹",
    "体重減少",
    "便秘",
]
_STATES = (
    "は認めない。",
    "なし。",
    "を認める。",
    "は軽快傾向。",
    "は持続している。",
    "の訴えがあるが、他覚所見に乏しい。",
    "の可能性は否定できない。",
    "は前回と著変なし。",
)
_PLACES = [
    "右上葉",
    "左下葉",
    "肝右葉",
    "膵体部",
    "左腎",
    "胃前庭部",
    "上行結腸",
    "甲状腺左葉",
    "縦隔",
    "骨盤内",
]
_LOOKS = (
    "に明らかな異常信号を認めない。",
    "に径8 mm大の結節を認め、経過観察を要する。",
    "の病変は前回と比べて縮小している。",
    "に転移を疑う所見はない。",
    "に軽度の脂肪変性を疑う。",
    "の評価は体動のため困難である。",
)
_TISSUE = (
    "異型細胞は認められない。",
    "腺腫の像であり、悪性所見を認めない。",
    "高分化型腺癌を認める。",
    "切除断端は陰性である。",
    "脈管侵襲は明らかでない。",
    "炎症細胞浸潤が目立つ。",
    "再生性の変化と考えるが、確定には再検が望ましい。",
)
_CARE = (
    "本日の内服は介助にて済み。",
    "夜間はよく休まれた様子。",
    "歩行は見守りで可能、転倒なし。",
    "食事は主食8割、副食6割摂取。",
    "創部の発赤、腫脹なし。",
    "点滴漏れなく経過。",
    "排便1回、性状普通。",
    "清拭を行い、皮膚トラブルなし。",
)
_PLAN = (
    "現行の処方を継続する。",
    "次回採血を予定する。",
    "悪化時は速やかに受診するよう説明した。",
    "血圧は家庭でも安定している。",
    "減塩と運動を続けるよう指導した。",
    "画像検査の結果を待って方針を決める。",
    "副作用と思われる症状はない。",
    "がんの再発は否定的と考える。",
)
_GENERAL = tuple(f"{sign}{state}" for sign, state in product(_SIGNS, _STATES))
_SEEN = tuple(f"{place}{look}" for place, look in product(_PLACES, _LOOKS))
CLINICAL = (
    _GENERAL + _PLAN * 8,
    _GENERAL[::2] + _CARE * 10,
    _GENERAL + _PLAN * 6 + _SEEN,
    _SEEN,
    _TISSUE * 6 + _SEEN[:12],
    _GENERAL + _PLAN * 8 + _SEEN[:20],
)
"""What each kind of note says, in the order of ``NOTES``."""
OPENINGS = (
    "{patient_name}様、{visit_date}外来受診。担当：{doctor_name}。",
    "{patient_name}さん。妻（夫）の{relative_name}さんが付き添われる。記録：{nurse_name}。",
    "患者：{patient_name}（{patient_kana}）　生年月日：{birth_date}　主治医：{doctor_name}",
    "依頼医：{doctor_name}　検査日：{visit_date}　患者：{patient_name}殿",
    "患者氏名 {patient_name}　採取日 {visit_date}　提出医 {doctor_name}",
    "{hospital_name}　{doctor_name}先生　御侍史。{patient_name}様をご紹介申し上げます。",
)
"""How a note that names somebody begins."""
NAMING = (
    "住所は〒{postal_code} {address}。",
    "自宅の電話は{phone}、携帯は{mobile_phone}。",
    "緊急連絡先：{relative_name}（{mobile_phone}）。",
    "カナ：{patient_kana}。",
    "FAX {fax} へ送付済み。",
    "結果は {email} へ連絡を希望。",
    "勤務先は{employer}。",
    "生年月日{birth_date}を確認した。",
    "前回受診は{visit_date}であった。",
    "個人番号{my_number}の写しを受領。",
    "保険者番号：{insurer_no}　記号・番号：{insured_number}。",
    "公費負担者番号{public_payer_no}、受給者番号{public_recipient_no}。",
    "後期高齢者被保険者番号{old_age_insured_no}。",
    "介護保険被保険者番号{care_insured_no}を確認。",
    "医療機関コード{institution_code}（{hospital_name}）。",
    "当院所在地：{hospital_address}。",
    "介護事業所番号{care_provider_no}と連携。",
    "基礎年金番号{pension_no}、雇用保険{employment_insurance_no}。",
    "運転免許証{driving_licence}で本人確認。",
    "旅券番号{passport}、在留カード{residence_card}。",
    "医籍登録番号{physician_registration}、麻薬施用者免許{narcotics_licence}。",
    "カルテ番号{chart_no}と照合した。",
    "会社の法人番号は{corporate_no}とのこと。",
    "参照：{url}",
    "検査UID {dicom_uid}、受付番号{accession_no}。",
    "支払いはカード{card_number}を希望。",
    "レセプト検索番号{claim_search_no}を再請求。",
    "端末{ip_address}より入力、{nurse_name}。",
    "{doctor_name}医師へ申し送り済み。",
    "{relative_name}様へ病状を説明した。",
    "{patient_name}様ご本人の希望による。",
)
MISSING = {
    "jlac10": "検査コード{}を追加。",
    "hot9": "処方薬コード{}。",
    "yj": "薬剤{}を継続。",
    "disease_control_no": "病名管理番号{}で登録。",
    "order_no": "オーダ番号{}で依頼済み。",
    "lot_no": "ロット番号{}を使用。",
    "points": "算定{}点。",
    "device_no": "機器番号{}を点検。",
}
"""Sentences around what is no identifier."""
