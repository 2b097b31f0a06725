"""The small markup that officers type, and the numbering of paragraphs.

A blank line ends a paragraph. Lines that begin with "- " are a list, "## " a heading inside the
section, "> " an example, set apart and not numbered. A line "[ratings table]" or "[suspensions
table]" puts that table in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    LIST = "list"
    HEADING = "heading"
    EXAMPLE = "example"
    RATINGS_TABLE = "ratings table"
    SUSPENSIONS_TABLE = "suspensions table"


@dataclass(frozen=True)
class Block:
    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()
    number: int | None = None  # paragraphs only, set by `number_paragraphs`


TABLES = {
    "[ratings table]": BlockKind.RATINGS_TABLE,
    "[suspensions table]": BlockKind.SUSPENSIONS_TABLE,
}
BULLET = re.compile(r"[-*•]\s+")


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a section as typed. Nothing is refused: what is not markup is text."""
    blocks: list[Block] = []
    lines: list[str] = []

    def close() -> None:
        if lines:
            blocks.append(_block(lines))
            lines.clear()

    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            close()
        elif line.casefold() in TABLES:
            close()
            blocks.append(Block(TABLES[line.casefold()]))
        elif line.startswith("## "):
            close()
            blocks.append(Block(BlockKind.HEADING, line[3:].strip()))
        else:
            # A list may follow its paragraph without a blank line between, as people type it.
            before, now = _opens(lines[0]) if lines else "", _opens(line)
            if before != now and (now or before == "example"):
                close()
            lines.append(line)
    close()
    return _join_lists(blocks)


def _opens(line: str) -> str:
    if BULLET.match(line):
        return "list"
    return "example" if line.startswith("> ") else ""


def _block(lines: list[str]) -> Block:
    opened = _opens(lines[0])
    if opened == "list":
        items: list[str] = []
        for line in lines:
            if BULLET.match(line):
                items.append(BULLET.sub("", line, count=1))
            else:  # an item that runs over onto the next line
                items[-1] += " " + line
        return Block(BlockKind.LIST, items=tuple(items))
    if opened == "example":
        return Block(BlockKind.EXAMPLE, " ".join(line.removeprefix("> ").strip() for line in lines))
    return Block(BlockKind.PARAGRAPH, " ".join(lines))


def _join_lists(blocks: list[Block]) -> tuple[Block, ...]:
    # Items with blank lines between them are still one list.
    joined: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.LIST and joined and joined[-1].kind is BlockKind.LIST:
            joined[-1] = replace(joined[-1], items=joined[-1].items + block.items)
        else:
            joined.append(block)
    return tuple(joined)


def number_paragraphs(blocks: Iterable[Block], after: int) -> tuple[tuple[Block, ...], int]:
    """The blocks with their paragraphs numbered on from `after`, and the last number given."""
    numbered: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH:
            after += 1
            block = replace(block, number=after)
        numbered.append(block)
    return tuple(numbered), after
