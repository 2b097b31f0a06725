"""Where a text that should name nobody seems to name a person.

It marks and never decides. People of our own staff, services, providers and districts are known and
not marked.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Concat, StrIndex

from core.models import District, User
from providers.models import Provider, Service

# 1,000 names of many origins, of which ADR 50 tells the source.
LIST = Path(__file__).with_name("personal_names.csv")
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
POSSESSIVE = re.compile(r"[’']s$")
# What stands between the parts of one name.
_PARTICLES = """
ap ab al bin bint da das de del dela den der di dos du el ibn la le mac nic ní ould van von y
"""
PARTICLES = frozenset(_PARTICLES.split())
_TITLES = """
mr mrs ms miss mx master dr sir dame lady rev reverend sister imam rabbi
"""
TITLES = frozenset(_TITLES.split())
# "Miss this call" begins a sentence and is no title; with these a capital must follow.
CALLED = frozenset(["resident", "tenant", "client", "patient"])
# A run of capitals that ends in one of these is a place, a body, a law or a form.
_PLACES = """
act association authority avenue board boulevard care centre charity church close clinic college
commission commissioning committee company cottage council county court crescent department
district drive estate fund gardens green grange group hall healthcare healthwatch home homes
hospice hospital house lane league limited living lodge ltd manor meadows ministry park
partnership place policy practice quarter regulations rest road row school service services
square station street support surgery team terrace town trust unit university view village walk
ward way wing standard report board plan register chart record protocol form code framework
"""
PLACES = frozenset(_PLACES.split())
# Words that begin with a capital and name no person.
_ORDINARY = """
january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday christmas easter ramadan eid diwali spring
summer autumn winter english british welsh scottish irish european polish romanian french german
spanish italian portuguese somali arabic urdu punjabi bengali hindi chinese indian african asian
caribbean england britain wales scotland ireland london europe trinidad christian muslim islam
hindu sikh jewish catholic person people section regulation chapter part paragraph article
appendix table room floor level stage grade band covid parkinson alzheimer lewy braden waterlow
abbey makaton zoom teams word excel outlook google whatsapp facebook i i’m i’ll i’ve i’d
outstanding good requires improvement inadequate poor excellent safe effective caring responsive
well-led deputy manager director officer inspector nurse doctor gp senior registered nominated
individual
"""
ORDINARY = frozenset(_ORDINARY.split())
# Words that begin sentences and notes.
_STARTERS = """
a about after again agreed all also although an and another any as asked at because been before
both but by call called calls came carers cared checked could day did do does during each eight
eleven email emailed even every everyone family five following for four found from gave had half
has have he her here his how however if in is it its last left letter local many medicines meals
meeting met more most my nine no nobody none not nothing notified now of on once one only or
other our over phoned present professionals rang read received relatives residents reported said
saw seen seven she since six some somebody someone speaking spoke staff still talked ten than
that the their them then there these they this those three to today told tomorrow tonight twice
two under until we went were what when where which while who why will with within without wrote
yesterday yet you visited visitors was
"""
STARTERS = frozenset(_STARTERS.split())
# Shorter ones are too often an abbreviation, or part of another tongue's word.
SHORTEST_IN_A_HURRY = 4
# Names of the list that in small letters are words or brands.
ALSO_WORDS = frozenset(
    ["aurora", "chin", "costa", "kumara", "lima", "petit", "stan", "ting", "willow"]
)
# A capital after one of these is rather a place than a person.
AT_A_PLACE = frozenset(["at", "in", "near", "inside", "outside", "towards"])
SENTENCE_ENDS = '.!?:\n•–—“"'


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int
    begins: bool  # a sentence
    after: str  # the word before it in the same sentence, folded

    @property
    def folded(self) -> str:
        return POSSESSIVE.sub("", self.text.lower())

    @property
    def is_capital(self) -> bool:
        # CQC and CQC’s are bodies; a single letter may be an initial.
        bare = POSSESSIVE.sub("", self.text)
        return bare[0].isupper() and not (len(bare) > 1 and bare.isupper())

    @property
    def is_without_case(self) -> bool:
        """Of a script that has no capitals: in an English note a name, most likely."""
        return not self.text[0].isupper() and not self.text[0].islower()

    @property
    def is_typed_in_a_hurry(self) -> bool:
        """A name of the list all in small letters or all in capitals."""
        bare = POSSESSIVE.sub("", self.text)
        if len(bare) < SHORTEST_IN_A_HURRY or not (bare.islower() or bare.isupper()):
            return False
        return self.folded in listed() and self.folded not in ALSO_WORDS


@cache
def listed() -> frozenset[str]:
    """The names of the list, folded."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return frozenset(row["name"].lower() for row in csv.DictReader(file))


def names_in(text: str, known: Iterable[str] = ()) -> list[str]:
    """What is marked in a text, each once and in order."""
    return list(dict.fromkeys(part for part, is_name in parts_of(text, known) if is_name))


def parts_of(text: str, known: Iterable[str] = ()) -> list[tuple[str, bool]]:
    """The whole text in parts, each with whether it is marked. `known` are names that are not."""
    parts, at = [], 0
    for start, end in _marks(text, known):
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def known_in(*texts: str) -> frozenset[str]:
    """The staff, services, providers and districts that we hold and that these texts name."""
    text = "\n".join(texts)
    if not WORD.search(text):
        return frozenset()
    # Asked of the database the other way round, so that ten thousand services are not fetched.
    holders: tuple[type[Model], ...] = (Service, Provider, District)
    known = {name for model in holders for name in _named(model, F("name"), text)}
    known |= set(_named(User, Concat("first_name", Value(" "), "last_name"), text))
    return frozenset(known)


def _named(model: type[Model], name: F | Concat, text: str) -> Iterator[str]:
    rows = model._default_manager.annotate(called=name).exclude(called__in=("", " "))
    held = rows.annotate(place=StrIndex(Value(text, CharField()), F("called"))).filter(place__gt=0)
    return held.values_list("called", flat=True).iterator()


def _marks(text: str, known: Iterable[str]) -> Iterator[tuple[int, int]]:
    words = list(_words(text))
    # A word that also stands in small letters is no name where it begins a sentence.
    small = {word.text for word in words if word.text[0].islower()}
    held = [
        match.span()
        for name in known
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    for run in _runs(text, words, held):
        named = _name_of(run, small)
        if named:
            last = named[-1]
            yield named[0].start, last.end - (2 if POSSESSIVE.search(last.text) else 0)


def _words(text: str) -> Iterator[_Word]:
    end, before = 0, ""
    for match in WORD.finditer(text):
        between = text[end : match.start()].strip(" ")
        is_initial = len(before) == 1 and between == "."
        is_title = before in TITLES and between == "."
        begins = not end or (
            any(sign in SENTENCE_ENDS for sign in between) and not is_initial and not is_title
        )
        word = _Word(match.group(), match.start(), match.end(), begins, "" if begins else before)
        yield word
        end, before = match.end(), word.folded


def _runs(text: str, words: list[_Word], held: list[tuple[int, int]]) -> Iterator[list[_Word]]:
    """Words that may be one name: capitals beside each other, with what stands between them."""
    run: list[_Word] = []
    for place, word in enumerate(words):
        is_free = not any(start < word.end and word.start < end for start, end in held)
        follows = run and not word.begins and not text[run[-1].end : word.start].strip(" .")
        if not follows:
            yield from [run] if run else []
            run = []
        later = words[place + 1] if place + 1 < len(words) else None
        joins = (
            run
            and word.text in PARTICLES
            and later is not None
            and not later.begins
            and (later.is_capital or later.text in PARTICLES)
        )
        titled = word.folded in TITLES | CALLED and later is not None and later.is_capital
        is_name = word.is_capital or word.is_without_case or word.is_typed_in_a_hurry
        if is_free and (is_name or joins or titled):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _name_of(run: list[_Word], small: set[str]) -> list[_Word]:
    """The part of a run that names a person; empty where none does."""
    if (
        run[-1].folded in PLACES
        or run[0].folded in ("st", "saint")
        or run[0].after in ("st", "saint")
    ):
        return []
    words = list(run)
    is_start = words[0].begins
    titled = words[0].folded in TITLES and len(words) > 1
    while words and not titled and _is_no_name(words[0], small):
        words.pop(0)
        titled = bool(words) and words[0].folded in TITLES and len(words) > 1
    while words and words[-1].folded in ORDINARY | PARTICLES | CALLED:
        words.pop()
    if not words or (len(words) == 1 and len(words[0].text) == 1):
        return []
    if titled or words[0].is_without_case or any(_is_listed(word) for word in words):
        return words
    is_start = is_start and words[0].begins
    if is_start and len(words) == 1:
        return []
    at_a_place = words[0].after in AT_A_PLACE and len(words) == 1
    return [] if at_a_place or words[0].folded in CALLED else words


def _is_no_name(word: _Word, small: set[str]) -> bool:
    if word.folded in CALLED | ORDINARY:
        return True
    begins = word.begins and not _is_listed(word)
    return begins and (word.folded in STARTERS or word.folded in small)


def _is_listed(word: _Word) -> bool:
    # Of a double name one part is enough.
    folded = word.folded
    return folded in listed() or any(part in listed() for part in folded.split("-") if part)
