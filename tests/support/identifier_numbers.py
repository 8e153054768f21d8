"""Random numbers of every kind that names somebody, as people and systems write and head them.

Values have the structure and the check digit that the real ones have; nothing is anybody's on purpose.
``LABELS`` are for prose, ``KEYS`` for URLs, JSON and columns; the last third of each was written apart and
is measured, not read, when rules are made.
"""

import random
from collections.abc import Callable

Values = Callable[[random.Random], str]

_FIVES = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def _digits(rng: random.Random, size: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(size))


def _mod_11(body: str, weights: tuple[int, ...]) -> str:
    rest = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    return str(0 if rest < 2 else 11 - rest)


def _mod_10(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str((10 - total % 10) % 10)


def _grouped(rng: random.Random, value: str, cuts: tuple[int, ...], joints: str = "- ") -> str:
    """The value whole or in groups."""
    if rng.random() < 0.5:
        return value
    joint = rng.choice(joints)
    groups, start = [], 0
    for cut in cuts:
        groups.append(value[start : start + cut])
        start += cut
    return joint.join(groups)


def my_number(rng: random.Random) -> str:
    body = _digits(rng, 11)
    return _grouped(rng, body + _mod_11(body, _FIVES), (4, 4, 4))


def corporate_number(rng: random.Random) -> str:
    body = f"{rng.randint(100, 6000):04}{rng.choice(['01', '02', '03', '05'])}{_digits(rng, 6)}"
    total = sum(int(d) * (1 if place % 2 == 0 else 2) for place, d in enumerate(reversed(body)))
    return str(9 - total % 9) + body


def insurer_number(rng: random.Random) -> str:
    if rng.random() < 0.3:
        body = f"{rng.randint(1, 47):02}{_digits(rng, 3)}"
    else:
        body = f"{rng.choice(['01', '06', '31', '32', '33', '34', '39', '63', '67'])}{rng.randint(1, 47):02}{_digits(rng, 3)}"
    return body + _mod_10(body)


def insured_number(rng: random.Random) -> str:
    symbol = rng.choice(
        ["協あ", "いろは", _digits(rng, 4), _digits(rng, 8), f"{_digits(rng, 2)}-{_digits(rng, 2)}", "ウエ"]
    )
    joint = rng.choice(["・", "-", "－", " "])
    return f"{symbol}{joint}{rng.randint(1, 9_999_999)}"


def public_payer_number(rng: random.Random) -> str:
    body = f"{rng.choice(['12', '15', '21', '51', '54', '80', '89'])}{rng.randint(1, 47):02}{_digits(rng, 3)}"
    return body + _mod_10(body)


def recipient_number(rng: random.Random) -> str:
    body = _digits(rng, 6)
    return body + _mod_10(body)


def pension_number(rng: random.Random) -> str:
    return f"{rng.randint(1, 9999):04}-{_digits(rng, 6)}" if rng.random() < 0.7 else _digits(rng, 10)


def late_elderly_number(rng: random.Random) -> str:
    return _digits(rng, 8)


def care_insured_number(rng: random.Random) -> str:
    return "H" + _digits(rng, 9) if rng.random() < 0.1 else _digits(rng, 10)


def employment_number(rng: random.Random) -> str:
    return (
        f"{_digits(rng, 4)}-{_digits(rng, 6)}-{_digits(rng, 1)}" if rng.random() < 0.8 else _digits(rng, 11)
    )


def driving_licence(rng: random.Random) -> str:
    body = rng.choice(["30", "62", "44", "90", "10"]) + _digits(rng, 8)
    return body + _mod_11(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) + rng.choice("0123")


def passport(rng: random.Random) -> str:
    return rng.choice(["TR", "TZ", "TK", "MU", "TH"]) + _digits(rng, 7)


def residence_card(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    ends = ["".join(rng.choice(letters) for _ in range(2)) for _ in range(2)]
    return ends[0] + _digits(rng, 8) + ends[1]


def resident_code(rng: random.Random) -> str:
    body = _digits(rng, 10)
    return body + _mod_11(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))


def physician_registration(rng: random.Random) -> str:
    number = str(rng.randint(10_000, 999_999))
    return f"第{number}号" if rng.random() < 0.4 else number


def narcotics_licence(rng: random.Random) -> str:
    return f"第{rng.randint(1, 99)}-{rng.randint(100, 9999)}号" if rng.random() < 0.6 else _digits(rng, 6)


def facility_code(rng: random.Random) -> str:
    body = _digits(rng, 6)
    seven = body + _mod_10(body)
    return f"{rng.randint(1, 47):02}1{seven}" if rng.random() < 0.6 else seven


def chart_number(rng: random.Random) -> str:
    style = rng.random()
    if style < 0.5:
        return f"{rng.randint(1, 999_999):08}"
    if style < 0.7:
        return f"{_digits(rng, 3)}-{_digits(rng, 3)}-{_digits(rng, 2)}"
    return f"{rng.choice(['A', 'K', 'P', 'PT'])}{_digits(rng, 6)}" if style < 0.85 else _digits(rng, 10)


def phone(rng: random.Random) -> str:
    style = rng.random()
    if style < 0.35:
        parts = (rng.choice(["090", "080", "070", "050"]), _digits(rng, 4), _digits(rng, 4))
    elif style < 0.6:
        parts = (rng.choice(["03", "06"]), str(rng.randint(3000, 6999)), _digits(rng, 4))
    elif style < 0.85:
        parts = (rng.choice(["045", "052", "011", "092", "075"]), str(rng.randint(200, 999)), _digits(rng, 4))
    else:
        parts = (rng.choice(["0267", "0479", "0166", "0985"]), str(rng.randint(20, 99)), _digits(rng, 4))
    way = rng.random()
    if way < 0.6:
        return "-".join(parts)
    if way < 0.75:
        return f"{parts[0]}({parts[1]}){parts[2]}"
    return f"+81-{parts[0][1:]}-{parts[1]}-{parts[2]}" if way < 0.85 else "".join(parts)


def email(rng: random.Random) -> str:
    local = rng.choice(["taro", "hanako.yamada", "k-sato", "y_suzuki1980", "tanaka+lab", "m.ito"])
    return f"{local}@{rng.choice(['example.co.jp', 'example.ac.jp', 'mail.example.com', 'example.ne.jp'])}"


def birth_date(rng: random.Random) -> str:
    year, month, day = rng.randint(1927, 1988), rng.randint(1, 12), rng.randint(1, 28)
    era = year - 1925
    ways = [
        f"{year}年{month}月{day}日",
        f"{year}/{month}/{day}",
        f"{year}-{month:02}-{day:02}",
        f"昭和{era}年{month}月{day}日" if era < 64 else f"{year}.{month}.{day}",
        f"S{era}.{month}.{day}" if 9 < era < 64 else f"{year}/{month:02}/{day:02}",
        f"{year}{month:02}{day:02}",
    ]
    return rng.choice(ways)


def ip(rng: random.Random) -> str:
    return ".".join(str(rng.randint(1, 254)) for _ in range(4))


KINDS: dict[str, Values] = {
    "my_number": my_number,
    "corporate_number": corporate_number,
    "insurer_number": insurer_number,
    "insured_number": insured_number,
    "public_payer_number": public_payer_number,
    "recipient_number": recipient_number,
    "pension_number": pension_number,
    "late_elderly_number": late_elderly_number,
    "care_insured_number": care_insured_number,
    "employment_number": employment_number,
    "driving_licence": driving_licence,
    "passport": passport,
    "residence_card": residence_card,
    "resident_code": resident_code,
    "physician_registration": physician_registration,
    "narcotics_licence": narcotics_licence,
    "facility_code": facility_code,
    "chart_number": chart_number,
    "phone": phone,
    "email": email,
    "birth_date": birth_date,
    "ip": ip,
}

LABELS: dict[str, tuple[str, ...]] = {
    "my_number": ("個人番号", "マイナンバー", "個人番号(マイナンバー)", "マイナンバーカードの番号"),
    "corporate_number": ("法人番号", "勤務先の法人番号"),
    "insurer_number": ("保険者番号", "保険者No", "保険者No."),
    "insured_number": ("記号・番号", "被保険者証記号番号", "保険証の記号番号", "被保険者証の記号・番号"),
    "public_payer_number": ("公費負担者番号", "負担者番号", "公費負担者番号①"),
    "recipient_number": ("公費負担医療の受給者番号", "受給者番号", "受給者証番号"),
    "pension_number": ("基礎年金番号", "年金番号", "年金手帳の記号番号"),
    "late_elderly_number": (
        "後期高齢者医療被保険者番号",
        "後期高齢者医療の被保険者番号",
        "後期高齢の被保険者番号",
    ),
    "care_insured_number": ("介護保険被保険者番号", "介護保険の被保険者番号", "介護保険証の番号"),
    "employment_number": ("雇用保険被保険者番号", "雇用保険番号", "雇用保険の被保険者番号"),
    "driving_licence": ("運転免許証番号", "免許証番号", "運転免許証の番号"),
    "passport": ("旅券番号", "パスポート番号", "パスポート"),
    "residence_card": ("在留カード番号", "在留カードの番号", "在留カード"),
    "resident_code": ("住民票コード", "住基コード"),
    "physician_registration": ("医籍登録番号", "薬剤師名簿登録番号", "保険医登録番号", "医師免許番号"),
    "narcotics_licence": ("麻薬施用者免許番号", "麻薬施用者番号", "麻薬施用者免許証番号"),
    "facility_code": ("医療機関コード", "保険医療機関番号", "医療機関番号"),
    "chart_number": ("カルテ番号", "患者ID", "診察券番号", "カルテNo.", "患者番号", "ID番号"),
    "phone": ("電話", "連絡先", "TEL", "携帯電話", "自宅の電話番号"),
    "email": ("メール", "連絡先", "E-mail", "メールアドレス"),
    "birth_date": ("生年月日", "誕生日", "患者の生年月日", "DOB"),
    "ip": ("IPアドレス", "接続元", "端末のIP"),
}

KEYS: dict[str, tuple[str, ...]] = {
    "my_number": ("my_number", "mynumber", "個人番号", "individual_number"),
    "corporate_number": ("corporate_number", "法人番号"),
    "insurer_number": ("insurer_number", "保険者番号", "hokensha_no"),
    "insured_number": ("insured_number", "被保険者証記号番号", "記号・番号"),
    "public_payer_number": ("公費負担者番号", "public_payer_no", "kouhi_futansha_no"),
    "recipient_number": ("受給者番号", "recipient_no", "jukyusha_no"),
    "pension_number": ("pension_number", "基礎年金番号", "nenkin_bango"),
    "late_elderly_number": ("後期高齢者被保険者番号", "kouki_no"),
    "care_insured_number": ("介護被保険者番号", "kaigo_no", "介護保険番号"),
    "employment_number": ("雇用保険番号", "koyou_hoken_no"),
    "driving_licence": ("driving_licence", "運転免許証番号", "license", "driver_license_no"),
    "passport": ("passport", "旅券番号", "passport_no"),
    "residence_card": ("residence_card", "在留カード番号"),
    "resident_code": ("住民票コード", "resident_code", "juminhyo_code"),
    "physician_registration": ("医籍登録番号", "physician_registration", "doctor_license_no"),
    "narcotics_licence": ("麻薬施用者番号", "narcotics_license_no"),
    "facility_code": ("医療機関コード", "facility_code", "hospital_cd"),
    "chart_number": ("patient_id", "カルテ番号", "pid", "mrn", "karte_no", "患者ID"),
    "phone": ("phone", "電話番号", "tel", "mobile"),
    "email": ("email", "メール", "mail"),
    "birth_date": ("birth_date", "生年月日", "dob", "birthday"),
    "ip": ("ip", "IPアドレス", "client_ip"),
}
