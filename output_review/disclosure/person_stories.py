"""One person told in words: case reports, records printed by an error, descriptions of the unmistakable.

1. Age and sex of one person (82歳女性, a 45-year-old man) with a date, a hospital or a place beside them is
   a case report and does not leave; without them people look.
2. What is unique of its kind (本邦初, 元横綱) with a person behind it is a peculiar description
   (特異な記述): it does not leave.
3. An error message or a printed record that shows the values of one row is to be removed.

Sources: Act, guideline on peculiar descriptions (wic-net.com/material/document/3379/65); OpenSAFELY,
docs/outputs/sdc.md, on logs.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.written_forms import Folded, fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile, Passage
from output_review.disclosure.findings import Finding, Severity

PERSON_STORY = "SDC.person_story"
PECULIAR = "SDC.peculiar_description"
PRINTED_RECORD = "SDC.printed_record"

_PERSON = re.compile(
    r"(?<![\d.~〜–-])(?:生後)?\d{1,3}\s*(?:歳|才|か月|ヶ月|カ月)\s*(?:\d{1,2}\s*(?:か月|ヶ月|カ月))?(?:、|,|の|・|\s)*(?:日本人)?(?:男性|女性|男児|女児|男子|女子|男|女|妊婦|児)(?!性?(?:別|以上|以下|未満|の割合|患者数|群|が多|で多|は\d))"
    r"|\d{1,3}[ -]?(?:year|yr|y|month)s?[ -]?(?:old|/o)?[ -]?(?:japanese |asian )?(?:man|woman|male|female|boy|girl|patient|infant|m|f)(?![a-z])"
)
_CONTEXT = re.compile(
    r"(?:\d{4}|令和|平成|昭和|[rhs]\d{1,2})[年./-]?\s*(?:元|\d{0,2})[年./-]?\s*\d{1,2}[月./-]\d{1,2}|\d{1,2}月\d{1,2}日|.{1,6}(?:病院|医院|クリニック|センター|診療所|医療センター)"
    r"|(?:[一-龥]{1,4}[都道府県])?[一-龥]{1,5}[市区町村](?!中|町村|部)|hospital|clinic|medical center|january|february|march|april|june|july|august|september|october|november|december"
)
_PECULIAR = re.compile(
    r"(?:本邦初|国内初|世界初|日本初|世界で(?:初めて|唯一)|本邦で(?:初めて|唯一)|国内唯一|国内で(?:初めて|唯一)|日本で(?:初めて|唯一)|first (?:reported |known )?case|only (?:known )?(?:patient|case|person)"
    r"|元(?:横綱|大関|力士|プロ|首相|大臣|国会議員|知事|市長|選手|俳優|歌手|アイドル|五輪|オリンピック|社長)|(?:現職|著名|有名)の?[一-龥ァ-ヶー]{0,6}|former (?:prime minister|president|sumo|olympic|professional|mayor))"
    r"[^。\n]{0,60}?(?:男児|女児|男性|女性|患者|症例|例(?!え)|児|選手|俳優|歌手|力士|patient|man|woman|boy|girl|case)"
)
_NEXT = 60
_TRACEBACK = re.compile(
    r"traceback \(most recent call last\)|error in .*:|exception|valueerror|keyerror|typeerror|エラー|例外"
)
_RECORD = re.compile(
    r"[\[{(][^\[\]{}()\n]{0,400}?['\"]?(?:age|年齢|sex|性別|birth\w*|生年月日|dob|patient\w*|患者\w*|admission\w*|入院日|dx|diagnosis|診断\w*|icd\w*|los)['\"]?\s*[:=]\s*[^,\]})]+,[^\[\]{}()\n]{0,400}?[\]})]"
    r"|[\[(](?:\s*'?[\w./:-]{1,40}'?\s*,){3,}\s*'?[\w./:-]{1,40}'?\s*[\])]"
)
_SERIES = re.compile(r"name: [^,\n]{1,60}, dtype: \w+")
_ROW_WORDS = re.compile(
    r"(?:age|年齢|sex|性別|birth|生年月日|dob|patient|患者|admission|入院日|dx|diagnosis|診断|icd|los|code)"
)


def check_person_stories(examined: ExaminedFile) -> Iterator[Finding]:
    """Every sentence and every printed record that is about one person."""
    for passage in examined.passages:
        folded = fold(passage.text)
        text = folded.text
        for match in _PERSON.finditer(text):
            around = _sentence(text, match.start(), match.end())
            place = passage.place(*folded.span(*match.span()))
            if _CONTEXT.search(around.replace(match.group(), " ")):
                yield Finding(
                    PERSON_STORY,
                    Severity.REJECT,
                    place,
                    say("This sentence describes one person with a date, a place or a hospital."),
                    say("Describe groups; a case report cannot leave."),
                )
            else:
                yield Finding(
                    PERSON_STORY,
                    Severity.REVIEW,
                    place,
                    say("This seems to describe one person."),
                    say("Describe groups, with their number of persons."),
                )
        for match in _PECULIAR.finditer(text):
            yield Finding(
                PECULIAR,
                Severity.REJECT,
                passage.place(*folded.span(*match.span())),
                say("What is said here is true of one person only, who can be recognised by it."),
                say("Leave the description out."),
            )
        yield from _records(passage, folded)


def _records(passage: Passage, folded: Folded) -> Iterator[Finding]:
    """Rule 3: values of a row in an error message, and a printed row of a data frame."""
    text = folded.text
    found = list(_SERIES.finditer(text))
    if _TRACEBACK.search(text):
        found += [match for match in _RECORD.finditer(text) if _shows_values(match.group())]
    for match in found:
        yield Finding(
            PRINTED_RECORD,
            Severity.FIX,
            passage.place(*folded.span(*match.span())),
            say("An error message or a print shows the values of one record."),
            say("Remove it from the log."),
        )


def _shows_values(record: str) -> bool:
    return bool(_ROW_WORDS.search(record)) or len(re.findall(r"\d", record)) >= 4


def _sentence(text: str, start: int, end: int) -> str:
    first = max(text.rfind(mark, 0, start) for mark in ("。", "\n\n", ". ")) + 1
    ends = [place for mark in ("。", "\n\n", ". ") if (place := text.find(mark, end)) >= 0]
    stop = min([*ends, end + 200])
    # A case report names the person in one sentence and the day in the next.
    return text[max(first, start - 200) : max(stop, min(end + _NEXT, len(text)))]
