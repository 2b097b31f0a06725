"""What looks like the name of a person in a text that should hold none.

It flags and never decides: the writer may confirm.
"""

import re

# First names that are common in England and are not also words, months, places or usual names of
# services (no Grace, Rose, May or Florence). One of them with a capital is worth a second look,
# with or without a family name.
_FIRST_NAMES = """
Aisha Alan Albert Alfred Alice Andrew Angela Ann Anne Annie Anthony Arthur Barbara Barry Bernard
Betty Beryl Brenda Brian Carol Catherine Christine Christopher Colin Craig Cynthia Daniel Darren
David Deborah Dennis Derek Diane Donald Doreen Doris Dorothy Edith Edna Edward Eileen Elaine
Elizabeth Elsie Emily Emma Eric Ernest Ethel Fatima Frances Frederick Gary Geoffrey George Gerald
Gillian Gladys Gordon Graham Hannah Harold Harry Helen Hilda Ian Irene Jack Jacqueline James Jane
Janet Jason Jean Jennifer Jessica Joan John Joseph Joshua Joyce Judith Julie Karen Katherine
Kathleen Keith Kenneth Kevin Kirsty Laura Lesley Leslie Lilian Linda Lisa Louise Malcolm Margaret
Maria Marion Marjorie Martin Mary Matthew Maureen Michael Michelle Mohammed Muhammad Muriel Nancy
Neil Nicholas Nicola Nigel Norman Pamela Patricia Patrick Paul Pauline Peter Philip Phyllis Rachel
Raymond Rebecca Richard Robert Roger Ronald Roy Ruth Samantha Sandra Sarah Sharon Sheila Shirley
Simon Stanley Stephen Steven Stuart Susan Sylvia Terence Thomas Timothy Tracey Trevor Valerie Vera
Veronica Vincent Walter Wendy Wilfred William Winifred Yvonne
"""
FIRST_NAMES = frozenset(_FIRST_NAMES.split())
_TITLED = r"(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Mm]x|[Mm]aster|[Dd]r|[Ss]ir|[Dd]ame|[Ll]ady|[Rr]ev)\b\.?"
_CALLED = r"(?:[Rr]esident|[Ss]ervice user|[Tt]enant|[Cc]lient|[Pp]atient)"
_NAME = r"[A-Z][\w’'-]+"
_FIRST = rf"(?:{'|'.join(sorted(FIRST_NAMES))})"
# What follows a first name in the name of a place or a service: St John’s, George House, Elizabeth
# Court.
_PLACE = (
    r"(?:House|Court|Lodge|Hall|Home|Care|Street|Road|Avenue|Close|Lane|Ward|Wing|Unit"
    r"|Hospital|Hospice|Centre|Surgery|Trust)"
)
LOOKS_LIKE_NAME = re.compile(
    rf"\b(?:{_TITLED}\s+{_NAME}(?:\s+{_NAME})?"
    rf"|{_CALLED}\s+{_NAME}\s+{_NAME}"
    r"|(?<!St )(?<!St\. )(?<!Saint )"
    rf"(?:{_CALLED}\s+)?{_FIRST}\b(?!(?:[’']s)?\s+{_PLACE}\b)(?:\s+{_NAME})?)"
)


def names_in(*texts: str) -> list[str]:
    """What looks like a person's name, each once, in order.

    That is a title and a name, "resident" and two names, or a common first name.
    """
    found = (
        re.sub(r"[’']s$", "", " ".join(match.group().split()))
        for text in texts
        for match in LOOKS_LIKE_NAME.finditer(text or "")
    )
    # Each name once, in the order of the text, for the sentence that the form shows.
    return list(dict.fromkeys(found))
