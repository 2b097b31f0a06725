"""A question of a visit that two people answered at once: whose words to keep."""

from collections.abc import Mapping
from typing import Any

from audits.models import Answer, AnswerKind, EvidenceSource, Question
from audits.rules import answers as answers_rules
from audits.rules import evidence
from core import differences
from govuk.seen_forms import BOTH, CHOOSE, MINE, THEIRS, Clash

# Of a question's boxes, those whose words can stand beside a colleague's.
TEXTS = (
    "evidence",
    *(source for source in EvidenceSource if source != EvidenceSource.SEEN),
    "note",
)


def in_words(question: Question, value: str, not_applicable: bool, said: Mapping[str, str]) -> str:
    """An answer with its evidence and note as one text, which is shown and compared."""
    answer = Answer(value=value, not_applicable=not_applicable)
    lines = [f"Answer: {answers_rules.in_words(question, answer) or answers_rules.NONE}"]
    sources = {source: said.get(source, "") for source in EvidenceSource}
    sources[EvidenceSource.SEEN] = said.get("evidence", "")
    lines += [
        f"{evidence.IN_WORDS[source]}: {text}" for source, text in sources.items() if text.strip()
    ]
    if said.get("note", "").strip():
        lines.append(f"Note: {said['note']}")
    return "\n".join(lines)


def texts_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a stored answer by the boxes that ask them."""
    sources = evidence.by_source(fields["evidence"], fields["sources"])
    said = {source: sources.get(source, "") for source in TEXTS if source != "note"}
    return {**said, "evidence": sources.get(EvidenceSource.SEEN, ""), "note": fields["note"]}


def both(
    question: Question,
    base: Mapping[str, Any] | None,
    theirs: Mapping[str, Any],
    mine: Mapping[str, str],
) -> dict[str, str]:
    """The words of both by box, brought together against what was seen: nothing is lost and nothing
    doubled. A text that answers the question is brought together too.
    """
    was, stored = texts_of(base) if base else {}, texts_of(theirs)
    found = {
        name: differences.both(
            was.get(name) if base else None, stored[name], mine.get(name, "")
        ).text
        for name in TEXTS
    }
    if question.kind == AnswerKind.TEXT:
        before = base["value"] if base else None
        found["value"] = differences.both(before, theirs["value"], mine.get("value", "")).text
    return found


def clash(
    question: Question,
    base: Mapping[str, Any] | None,
    theirs: Mapping[str, Any],
    mine: Mapping[str, str],
    not_applicable: bool,
    chosen: str,
    is_missing: bool,
) -> Clash:
    """What is shown of it: my answer with its words, theirs, what differs, and both."""
    joined = {**mine, **both(question, base, theirs, mine)}
    my_words = in_words(question, mine.get("value", ""), not_applicable, mine)
    their_words = in_words(question, theirs["value"], theirs["not_applicable"], texts_of(theirs))
    return Clash(
        f"q{question.pk}-keep",
        question.text,
        my_words,
        their_words,
        tuple(differences.parts(their_words, my_words)),
        in_words(question, joined.get("value", ""), not_applicable, joined),
        chosen,
        is_missing,
    )


__all__ = ["BOTH", "CHOOSE", "MINE", "THEIRS", "both", "clash", "texts_of"]
