"""Letters written as codes are read, and told; ordinary signs, numbers and code are left alone."""

import pytest

from catalog.adapters.dictionaries import read_dictionaries
from catalog.identifiers.pseudonyms import PseudonymSet
from output_review.disclosure.checks import run_checks
from output_review.disclosure.escaped_text import find_escaped, unescaped
from output_review.disclosure.findings import Verdict
from output_review.disclosure.submissions import FileKind, FoundText, Submission, SubmittedFile
from tests.support.escaped_names import NAME, WAYS
from tests.support.read_files import POLICY

OWN = "3f6c1c52-9d0b-4d1e-8a77-1f0c5f2e9a41"
IDS = PseudonymSet.of([OWN])


def judged(text: str, name: str = "t.txt", kind: FileKind = FileKind.TEXT) -> tuple[Verdict, set[str]]:
    submission = Submission(name, (SubmittedFile(name, kind, text),))
    report = run_checks(submission, POLICY, IDS, (), dictionaries=read_dictionaries())
    return report.verdict, {finding.rule for file in report.files for finding in file.findings}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_name_in_codes_is_read_and_told(way: str) -> None:
    text = f"The patient is {WAYS[way]} here.\n"
    runs = find_escaped(text)
    assert "".join(sign for sign in unescaped(text, runs) if sign in NAME) == NAME
    verdict, rules = judged(text)
    assert verdict in {Verdict.FIX, Verdict.REJECT}
    assert way == "twice" or "FILE.escaped_text" in rules  # the first reading gives no letters


@pytest.mark.slow
@pytest.mark.parametrize("way", [way for way in WAYS if way != "domain"])
def test_a_name_in_codes_is_found_as_a_name(way: str) -> None:
    assert "ID.name" in judged(f"患者 {WAYS[way]} は対象である。\n")[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["YAMADA%20TARO", "YAMADA&nbsp;TARO", "YAMADA\\u0020TARO", "Yam&#97;da Taro", "Yam\\u0061da Taro"],
)
def test_a_name_is_found_through_single_codes(text: str) -> None:
    verdict, rules = judged(f"患者 {text} は対象である。\n")
    assert verdict is not Verdict.PASS
    assert "ID.name" in rules


@pytest.mark.slow
@pytest.mark.parametrize("hyphen", ["%2D", "&#45;", "\\u002d", "\\x2d"])
def test_an_own_identifier_is_found_through_codes(hyphen: str) -> None:
    verdict, rules = judged(f"model: {OWN.replace('-', hyphen)}\n")
    assert verdict is Verdict.REJECT
    assert "ID.pseudonym" in rules


@pytest.mark.slow
def test_codes_in_a_name_and_in_words_of_a_picture_are_read() -> None:
    verdict, rules = judged("結果\n", name=f"{WAYS['address']}.txt")
    assert verdict is Verdict.FIX
    assert {"FILE.escaped_text", "ID.name"} <= rules
    words = FoundText("page_text", f"患者 {WAYS['html']}\n", leaves=True)
    picture = SubmittedFile("t.png", FileKind.PICTURE, "", (words,), facts=(("picture_points", 0),))
    report = run_checks(Submission("t", (picture,)), POLICY, IDS, (), dictionaries=read_dictionaries())
    assert "ID.name" in {finding.rule for finding in report.files[0].findings}


@pytest.mark.slow
def test_a_table_in_utf_7_cannot_leave() -> None:
    table = "区分,人数\n男性,1200\n女性,1300\n高血圧,800\n".encode("utf-7").decode()
    assert judged(table, "t.csv", FileKind.CSV)[0] is not Verdict.PASS


@pytest.mark.parametrize(
    "text",
    [
        "n=45 (12.5%25.3%) p=0.05 x=10=20 q=ab\n",
        "glm(death~age+sex+bmi+year+hospital, data=d)\ny ~ treat+female+ldl+hba1c\n",
        "12 34 56 78\n81 82 83 84\n5071 7530 5920 9000\n1a2b 3c4d\n",
        "p &lt; 0.05 &amp; n &ge; 30 &alpha; = 0.05\n",
        "C:\\users\\x64\\data\\unit10\\u_boot C:\\new\\101\n",
        'ylab("\\u03b1") + "m\\u00b2" + "Kaplan\\u2013Meier" + "\\x1b[0m" + re.compile("[\\u3041-\\u3096]")\n',
        "100% 90%80 %AB %d%02x =FF\n",
        "2026-11-29T10:00:00+0900, +81 +12ab\n",
        "caf&eacute; na&iuml;ve\n",
        "01:23:45:67:89:ab 10 20 30\n",
    ],
)
def test_ordinary_writing_holds_no_letters_in_codes(text: str) -> None:
    assert not [run for run in find_escaped(text) if run.is_words]


def test_a_text_without_codes_is_itself() -> None:
    assert find_escaped("年齢,人数\n65歳以上,1200\n") == ()
    assert unescaped("a\\u5c71b", find_escaped("a\\u5c71b")) == "a山b"
