"""Numbers about the body: body mass index, weeks of pregnancy, age, platelets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# World Health Organization, classification of body weight in adults (kg/m2).
OBESITY_FROM = 30.0
OVERWEIGHT_FROM = 25.0
# Weight alone, without a height: from here on the doctor should ask (30 kg/m2 at 1.75 m is 92 kg).
HEAVY_FROM_KG = 90.0
# 30 kg/m2 at 2.16 m: obesity at any height.
OBESE_FROM_KG = 140.0
# Platelets in thousands per microlitre: the lower end of the usual reference range.
LOW_PLATELETS_BELOW = 150
ADULT_FROM = 18

_POUND, _STONE, _INCH = 0.45359237, 6.35029318, 0.0254

_SMALL_NUMBERS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL_NUMBERS)}
_NUMBER_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_BELOW_HUNDRED = (
    rf"(?P<tens>{'|'.join(_TENS)})(?:[ -](?P<unit>{'|'.join(_SMALL_NUMBERS[1:10])}))?"
    rf"|(?P<small>{'|'.join(_SMALL_NUMBERS)})"
)
_WRITTEN_NUMBER = re.compile(
    # First the letters that they begin with: to try all at each word takes twice as long.
    r"\b(?=[aefhnostz])"
    rf"(?:(?P<hundred>(?:(?:a|one|two|three) )?hundred)(?: (?:and )?(?:{_BELOW_HUNDRED}))?"
    rf"|{_BELOW_HUNDRED.replace('P<', 'P<only_')})\b",
    re.IGNORECASE,
)

_DIGIT = re.compile(r"\d")
_NUMBER = r"(\d{1,3}(?:[.,]\d{1,2})?)"
_BMI = re.compile(
    rf"\b(?:b\.?m\.?i\.?|body[ -]?mass[ -]?index)\b\D{{0,25}}?{_NUMBER}(?!\d)"
    rf"|(?<![\d.,]){_NUMBER} ?(?:is |= ?)?(?:my |his |her )?(?:bmi|body[ -]?mass[ -]?index)\b",
    re.IGNORECASE,
)
# "BMI 23, I meant 32", "bmi 29, no wait, that card is old, it's 34"
_CORRECTED = re.compile(
    r".{0,30}?\b(?:meant?|correction|sorry|rather|wait|typo|oops|actually|wrong)\b[^\d?]{0,40}?"
    rf"{_NUMBER}(?![\d:/%]|[.,]\d|-?(?:st|nd|rd|th)\b| ?(?:kg|kilo|cm|lb|pound|week|month|day|year"
    r"|y|times|session|visit|euro|min|hour|am|pm)\w*)",
    re.IGNORECASE | re.DOTALL,
)
# "Over BMI 30? Mine is 38", "was BMI 31, now 28.9", "BMI 36 then, I'm down to 28"
_OWN_NOW = re.compile(
    rf".{{0,60}}?\b(?:(?:now|mine(?:'s| is)?)\W{{1,3}}(?:at )?"
    rf"|(?:(?:am|i'?m|it'?s|now|currently) )+(?:at|down to) |down to (?={_NUMBER} (?:now|today)))"
    rf"(?P<now>{_NUMBER})(?![\d.,]*\d"
    r"| ?(?:kg|kilo|cm|lb|pound|stone|st\b|week|month|year|yrs|y\b))",
    re.IGNORECASE | re.DOTALL,
)
# "Down from BMI 41 to 29", "went from 36 to 31 in BMI"
_CAME_DOWN_TO = re.compile(
    rf",? ?(?:(?:right|all the way|down|now) )*(?:to|->) (?P<now>{_NUMBER})(?![\d.,]*\d|%)",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom\b[^.!?\d]{0,25}$", re.IGNORECASE)
# "I used to have a BMI of 41 and have lost 46 kilos": what it is now is not said.
_USED_TO_HAVE = re.compile(r"\bused to (?:have|be)\b[^.!?\d]{0,30}$", re.IGNORECASE)
_LOST = re.compile(r"\b(?:lost|losing|shed|dropped|came down)\b", re.IGNORECASE)
_FEET_WORDS = {"four": 4, "five": 5, "six": 6}
_HEIGHT_FEET = re.compile(
    r"(?<![\d.,])([4-6]|four|five|six) ?(?:'|ft\.?|foot|feet)(?: ?(?:and )?(\d{1,2}(?:\.5)?|one"
    r"|two|"
    r"three|four|five|six|seven|eight|nine|ten|eleven)(?: ?(?:\"|''|inch(?:es)?|ins?\b))?(?!"
    r" ?(?:kg|kilo|lb|pound|st)))?",
    re.IGNORECASE,
)
_INCH_WORDS = {word: number for number, word in enumerate(_SMALL_NUMBERS[:12])}
# "five six and 170 pounds": feet and inches without their names, right before a weight.
_HEIGHT_FEET_BARE = re.compile(
    r"(?<![\d.,/])([45]|6)[ .,'](\d|1[01])(?=[ ,]*(?:and|at|&|,|/|tall|weigh\w*"
    r"|i weigh)?[ ,]*\d{2,3}"
    r" ?(?:lbs?|pounds?|st\b|stones?|kgs?|kilos?))",
    re.IGNORECASE,
)
_HEIGHT_CM = re.compile(
    r"(?<![\d.,])(1\d{2}|2[0-2]\d)(?:[.,]\d)? ?(?:cm|cms|centi\w*)\b", re.IGNORECASE
)
_HEIGHT_M = re.compile(
    r"(?<![\d.,])([12])[.,](\d{1,2}) ?(?:m|mt|mts|mtr|meters?|metres?)\b|(?<![\d.,])([12]) ?(?:m"
    r"|meters?|metres?),? ?(?:and )?(\d{2})\b(?! ?(?:kg|kilo|weeks|years|y))",
    re.IGNORECASE,
)
_HEIGHT_BARE = re.compile(
    r"\b(?:height|hight|heigth|hieght|heigh|tall|tallness|size|measure)"
    r"(?: (?:is|of|about|around))?[ :=]*(1[.,]?[3-9]\d|2[.,]?[0-2]\d)\b"
    r"|(?<![\d.,])(1[.,]?[3-9]\d) ?(?:tall|high|height|hight)\b",
    re.IGNORECASE,
)
# "165 and 90 kilos", "60kg 170": beside a weight with its unit, a height needs none.
_HEIGHT_BESIDE_WEIGHT = re.compile(
    r"(?<![\d.,])(1[4-9]\d|20\d)"
    r"(?=[ ,/]+(?:and |& |x )?(?:(?:i )?weigh\w* )?\d{2,3}(?:[.,]\d)? ?(?:kgs?|kilos?)\b)"
    r"|(?<=\d)(?: ?(?:kgs?|kilos?))[ ,/]+(?:and |& |at |x )?(?:i ?am |i'?m |im )?(1[4-9]\d|20\d)\b"
    r"(?![.,]?\d| ?(?:kg|kilo|lb|pound|eur|€|\$|£|g\b|mg|ml|calor|kcal|day|week|min|%))",
    re.IGNORECASE,
)
_HEIGHT_POINT = re.compile(r"(?<![\d.,])(1[.,][3-9]\d?)(?!\d|[.,]\d|\d* ?(?:kg|kilo|lb|%))")
_WEIGHT_STONE = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:\.\d)?)(?: and (?:a |one )?half| 1/2)? ?(?:stones?|st)\b(?:["
    r" ,]*(\d{1,2})(?! ?(?:ft|foot|feet|'|cm|m\b))"
    r"(?: ?(?:lbs?|pounds?))?)?",
    re.IGNORECASE,
)
_WEIGHT_KG = re.compile(
    rf"(?<![\d.,]){_NUMBER} ?(?:kgs?|kilos?|kilo ?gram\w*|kilogramos)\b", re.IGNORECASE
)
_WEIGHT_LB = re.compile(rf"(?<![\d.,]){_NUMBER} ?(?:lbs?|pounds?)\b", re.IGNORECASE)
_SCALES_SAY = r"\bscales?(?: just| now)? (?:says?|said|shows?|showed|reads?)"
_WEIGHT_BARE = re.compile(
    rf"(?:\b(?:weight|weigh|weighs|weighing|wheigh|wheight|weigt|weigth|wieght|waight)|{_SCALES_SAY})"
    rf"(?: (?:is|of|about|around|currently|now))?[ :=]*{_NUMBER}\b"
    r"(?! ?(?:weeks|cm|%|years|g\b|grams?))",
    re.IGNORECASE,
)
# "75 kg on the form, it's 105 by now", "62 kilos then, the scales say 81": the unit is said once.
_WEIGHT_NOW = re.compile(
    rf"\b(?:it'?s|its|it is|weigh|am at|now) (?:at |about |rather |more like )?{_NUMBER},?"
    r" (?:now|by now|today|these days|at present|currently)\b"
    rf"|{_SCALES_SAY} (?:about )?{_NUMBER}\b(?! ?(?:g\b|grams?|%))",
    re.IGNORECASE,
)
# Kilos that were lost or are wished for are no body weight.
_NO_WEIGHT_BEFORE = re.compile(
    r"\b(?:los[et]|losing|lost|drop\w*|gain\w*|put on|shed\w*|goal|target|dream\w*"
    r"|used to (?:weigh|be)|was|weighed|minus"
    # "I'm up 5 kilos" is no weight, "I'm up to 88 kilos" is.
    r"|plus|extra|reduce\w*|by|off|down|up(?! to\b)|(?<!i'm )(?<!im )(?<!am )(?<!now )up|until)\b"
    r"(?: \w+){0,3} ?$|[-+] ?$",
    re.IGNORECASE,
)
_NO_WEIGHT_AFTER = re.compile(
    r"^ ?(?:too|over\b|less|more|lighter|heavier|off|to lose|to go|down|of fat|suitcase|dumb|bag"
    r"|baby|in my)",
    re.IGNORECASE,
)

_WEEKS_AND_DAYS = re.compile(r"(?<![\d.,+])((?:[4-9]|[1-3]\d|4[0-2])) ?\+ ?[0-6](?![\d.,])")
_MONTHS = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|a few|few|couple)"
_WEEK = r"(?:w(?:ee?|ea)ks?|wks?)"
_WEEKS, _LATER_WEEKS = r"(?:[4-9]|[1-3]\d|4[0-2])", r"(?:[5-9]|[1-3]\d|4[0-2])"
_I_AM = r"i ?am|i'?m|im"
_HOW_FAR_ALONG = (
    # "5 months along", "two and a half months gone", "9 wks preg"
    rf"\b{_MONTHS}(?: ?1/2| and a half)? ?(?:{_WEEK}|months?|mths?|mo|w|m)"
    r" (?:along|gone?|preg\w*|pg|far|gestation|in\b(?! (?:the|a|my)))",
    # "I'm already at week 20", "she's 12 weeks"; not "12 weeks old", "8 weeks post op"
    rf"\b(?:{_I_AM}|she'?s|she is|now|today|currently)"
    rf" (?:at |in |already |about |around |almost |just )*(?:week )?{_WEEKS} ?{_WEEK}"
    r"(?: (?:gone?|along|far))?\b(?! (?:old|post|after|away|late|clean|into|in to|since|out"
    r"|from|sober|on\b|pp))",
    # "SSW" is the week of pregnancy in German notes.
    r"\b(?:ssw|week of pregnancy|gestational week)\b",
    # "20 weeks today, may I ...", "with 31w on Monday"
    rf"(?:^|[.!?,;:(]\s*|\b(?:at|with) )(?:week )?{_LATER_WEEKS} ?(?:{_WEEK}|w)"
    r" (?:today|tomorrow|now|here|on \w+day)\b(?! (?:since|after|post|out|late|old|on\b|of\b))",
    # "in week 14", "since wk 9"; not "in week 6 of the diet"
    rf"\b(?:since|at|i am|i'm|im|in|now) (?:week|wk) {_LATER_WEEKS}\b"
    r"(?! (?:of|after|post|into|with the) (?:the |my )?(?!preg))",
    # "21w 4d", "21 weeks and 4 days"
    rf"\b{_LATER_WEEKS} ?w(?:ee)?k?s? ?(?:and |\+ ?)?[0-6] ?d(?:ays?)?\b",
    # "5th month of my pregnancy"
    r"\b(?:\d{1,2})(?:st|nd|rd|th)? (?:week|month) (?:of (?:my |the )?preg\w*|pregnant|preg)\b",
    # "I'm in my seventh month"; not "in my second week of the course"
    rf"\b(?:{_I_AM}|she is|she's) (?:now |already )?in (?:the |my |her )?"
    r"(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|last)"
    r" (?:week|month)\b"
    r"(?! of (?:the )?(?:treatment|course|diet|year|work|therapy))",
)
_STATE_OF_PREGNANCY = re.compile("|".join(_HOW_FAR_ALONG), re.IGNORECASE)
# "I am feeding my baby myself, she is 10 weeks": how old the child is, not how far along a mother.
_OF_CHILD = re.compile(
    r"(?:she's|she is|now|today|currently)\b.*(?<!along)(?<!gone)(?<!gon)(?<!far)$", re.IGNORECASE
)
_CHILD = re.compile(
    r"\b(?:bab(?:y|e)|newborn|infant|little (?:one|girl|boy|man)|bub|bubba)\b"
    r"(?:(?!\b(?:and|but|so)\b)[^.!?]){0,40}$",
    re.IGNORECASE,
)
_PLATELETS = re.compile(
    r"\b(?:platelets?|th?rombocytes?|thrombos?|plt)\b[^\d.?!;]{0,25}(?<![\d.,])"
    r"(\d{1,3})(?:[.,]000|k| ?thousand)?\b"
    r"(?![\d.,]?\d| ?(?:%|percent|years|yrs|months|weeks|days|times|mg|per))",
    re.IGNORECASE,
)
_AGE_WORDS = {
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17,
}  # fmt: skip
_AGE = re.compile(
    r"\b(?:i ?am|i'?m|im|aged?|she is|she's|he is|he's"
    r"|my (?:son|daughter|child|niece|nephew) is)"
    r"(?: (?:only|just|still|already|now|almost|nearly))*[ :]*"
    r"(\d{1,2}|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)\b"
    rf"(?! ?(?:['\"%+]|[.,/]\d|{_WEEK}|w\b|months?|mths?|days?|hours?|min|kg|kilo|cm|ft|feet"
    r"|foot|lbs?|pounds?|stone|st\b|sessions?|times|percent|st|nd|rd|th|km|miles|euro|size|sizes"
    r"|into|in\b|and (?:a |one )?half|with .. kids))"
    r"|(?<![\d.,])(\d{1,2}|fifteen|sixteen|seventeen)[ -]?(?:years?|yrs?|y)[ -]?(?:old|o\b|/o)"
    r"|(?<![\d.,])(\d{1,2}) ?(?:yo|y/o|y\.o\.)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NumberFound:
    """What a number says: `item` is the id of a condition or matter, offsets are characters."""

    item: str
    start: int
    end: int


@dataclass(frozen=True)
class _Measure:
    value: float
    start: int
    end: int
    is_over: bool = False


def body_mass_index(text: str) -> float | None:
    """Returns the body mass index stated in a text or computed from height and weight.

    Args:
        text: free text, for instance "165 cm and 92 kg", "5'4 and 210 lbs" or "BMI 31,5".

    Returns:
        The index in kg/m2, rounded to one decimal, None where there is none or it is implausible.
        Of several weights the highest counts, of several heights the lowest.
    """
    measure = _index(_with_digits(text)[0])
    return round(measure.value, 1) if measure else None


def measure_span(text: str) -> tuple[int, int] | None:
    """Character offsets of what `body_mass_index` is read from."""
    written, offsets = _with_digits(text)
    measure = _index(written)
    return (offsets[measure.start], offsets[measure.end]) if measure else None


def numbers_found(text: str) -> list[NumberFound]:
    """Finds what the numbers in a text say about weight, pregnancy and age."""
    written, offsets = _with_digits(text)
    return [NumberFound(one.item, offsets[one.start], offsets[one.end]) for one in _found(written)]


def _found(text: str) -> list[NumberFound]:
    found: list[NumberFound] = []
    for match in _STATE_OF_PREGNANCY.finditer(text):
        is_of_child = _OF_CHILD.match(match[0]) and _CHILD.search(text[: match.start()])
        if not is_of_child:
            found.append(NumberFound("pregnancy", match.start(), match.end()))
    if not _DIGIT.search(text):
        return found
    index = _index(text)
    if index:
        if index.value >= OBESITY_FROM and not index.is_over:
            found.append(NumberFound("obesity", index.start, index.end))
        elif index.value >= OVERWEIGHT_FROM:
            found.append(NumberFound("overweight", index.start, index.end))
    else:
        heavy = [w for w in _weights(text) if w.value >= HEAVY_FROM_KG]
        for weight in heavy[:1]:
            is_obese = weight.value >= OBESE_FROM_KG
            item = "obesity" if is_obese else "weight_without_height"
            found.append(NumberFound(item, weight.start, weight.end))
    for match in _PLATELETS.finditer(text):
        if int(match.group(1)) < LOW_PLATELETS_BELOW:
            found.append(NumberFound("blood_clotting_disorder", match.start(), match.end()))
    for match in _WEEKS_AND_DAYS.finditer(text):
        found.append(NumberFound("pregnancy", match.start(), match.end()))
    for match in _AGE.finditer(text):
        word = next(group for group in match.groups() if group).lower()
        age = _AGE_WORDS.get(word) or int(word)
        if 8 <= age < ADULT_FROM:
            found.append(NumberFound("under_18", match.start(), match.end()))
    return found


def _with_digits(text: str) -> tuple[str, Sequence[int]]:
    """Writes number words as digits; also gives the offset in `text` of each character."""
    if not _WRITTEN_NUMBER.search(text):
        return text, range(len(text) + 1)
    pieces: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in _WRITTEN_NUMBER.finditer(text):
        pieces.append(text[done : match.start()])
        offsets += range(done, match.start())
        digits = str(_value(match))
        pieces.append(digits)
        offsets += [match.start()] * len(digits)
        done = match.end()
    pieces.append(text[done:])
    offsets += range(done, len(text) + 1)
    return "".join(pieces), offsets


def _value(match: re.Match[str]) -> int:
    words = {name: word.lower() for name, word in match.groupdict().items() if word}
    value = 0
    if "hundred" in words:
        value = 100 * _NUMBER_WORDS.get(words.pop("hundred").split()[0], 1)
    return value + sum(_NUMBER_WORDS[word] for word in words.values())


def _index(text: str) -> _Measure | None:
    stated = [found for match in _BMI.finditer(text) if (found := _stated_index(text, match))]
    if stated:
        return max(stated, key=lambda found: (not found.is_over, found.value))
    heights, weights = _heights(text), _weights(text)
    if heights and not weights:
        weights = _bare_weights(text, heights)
    if not heights or not weights:
        return None
    height = min(heights, key=lambda h: h.value)
    weight = max(weights, key=lambda w: w.value)
    value = weight.value / height.value**2
    if not 12 <= value <= 90:
        return None
    return _Measure(value, min(height.start, weight.start), max(height.end, weight.end))


def _stated_index(text: str, match: re.Match[str]) -> _Measure | None:
    """What a match of `_BMI` says, with the words behind it that correct it; if it is plausible."""
    value = _float(match.group(1) or match.group(2))
    corrected = _CORRECTED.match(text, match.end())
    own = _OWN_NOW.match(text, match.end())
    if _FROM.search(text[: match.start(1 if match.group(1) else 2)]):
        own = _CAME_DOWN_TO.match(text, match.end()) or own
    if corrected:
        value = max(value, _float(corrected.group(1)))
    elif own:
        value = _float(own["now"])
    if not 12 <= value <= 90:
        return None
    start, end = own.span("now") if own and not corrected else match.span()
    is_over = bool(_USED_TO_HAVE.search(text[:start]) and _LOST.search(text, end))
    return _Measure(value, start, end, is_over)


def _float(number: str) -> float:
    return float(number.replace(",", "."))


def _heights(text: str) -> list[_Measure]:
    found: list[_Measure] = []
    for match in _HEIGHT_CM.finditer(text):
        found.append(_Measure(int(match.group(1)) / 100, *match.span()))
    for match in _HEIGHT_M.finditer(text):
        whole, rest = match.group(1) or match.group(3), match.group(2) or match.group(4)
        found.append(_Measure(float(f"{whole}.{rest}"), *match.span()))
    for match in _HEIGHT_FEET.finditer(text):
        feet, inches = match.group(1).lower(), (match.group(2) or "0").lower()
        size = _FEET_WORDS.get(feet) or int(feet)
        total = size * 12 + float(_INCH_WORDS.get(inches, inches))
        found.append(_Measure(total * _INCH, *match.span()))
    if not found:
        for match in _HEIGHT_FEET_BARE.finditer(text):
            total = int(match.group(1)) * 12 + int(match.group(2))
            found.append(_Measure(total * _INCH, *match.span()))
    if not found:
        for match in (
            *_HEIGHT_BARE.finditer(text),
            *_HEIGHT_BESIDE_WEIGHT.finditer(text),
            *_HEIGHT_POINT.finditer(text),
        ):
            number = _float(next(group for group in match.groups() if group))
            found.append(_Measure(number / 100 if number > 3 else number, *match.span()))
    return [h for h in found if 1.2 <= h.value <= 2.3]


def _weights(text: str) -> list[_Measure]:
    found: list[_Measure] = []
    for match in _WEIGHT_STONE.finditer(text):
        pounds = int(match.group(2) or 0)
        found.append(_Measure(_float(match.group(1)) * _STONE + pounds * _POUND, *match.span()))
    if not found:
        for match in _WEIGHT_LB.finditer(text):
            found.append(_Measure(_float(match.group(1)) * _POUND, *match.span()))
    for match in _WEIGHT_KG.finditer(text):
        found.append(_Measure(_float(match.group(1)), *match.span()))
        for now in _WEIGHT_NOW.finditer(text, match.end()):
            found.append(_Measure(_float(now.group(1) or now.group(2)), *now.span()))
    if not found:
        for match in _WEIGHT_BARE.finditer(text):
            number = _float(match.group(1))
            # A bare number of this size is in pounds: 135 kg and more are said with the unit.
            found.append(_Measure(number * _POUND if number >= 135 else number, *match.span()))
    return [w for w in found if 35 <= w.value <= 350 and _is_body_weight(text, w)]


def _bare_weights(text: str, heights: list[_Measure]) -> list[_Measure]:
    """A lone number right behind the height ("5'4 and 210") is the weight."""
    match = re.match(
        r"[\s,/]*(?:and |& |, )?(\d{2,3})\b(?! ?(?:years|yo|y\b|weeks|cm))", text[heights[0].end :]
    )
    if not match:
        return []
    number = float(match.group(1))
    kilos = number * _POUND if number >= 135 else number
    end = heights[0].end + match.end()
    return [_Measure(kilos, heights[0].end, end)] if kilos >= 35 else []


def _is_body_weight(text: str, weight: _Measure) -> bool:
    before = text[max(0, weight.start - 40) : weight.start]
    after = text[weight.end : weight.end + 20]
    return not _NO_WEIGHT_BEFORE.search(before) and not _NO_WEIGHT_AFTER.search(after)
