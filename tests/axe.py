"""axe-core's findings on the page that the browser shows."""

from pathlib import Path

from playwright.sync_api import Error, Page

AXE = Path(__file__).resolve().parent / "vendor" / "axe-core" / "axe.min.js"
# Both come from govuk-frontend's own scripts: aria-expanded on radios that reveal a question, and
# the name of the enhanced file upload.
ALLOWED = {
    "aria-allowed-attr": "input[type=radio]",
    "label-content-name-mismatch": ".govuk-file-upload-button",
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Every breach of WCAG 2.2 AA or of good practice, as text: the rule, its words, the element;
    empty when clean.

    A page that gives way to the next one while it is looked at is no finding: the next one is
    looked at.
    """
    for _ in range(2):
        page.wait_for_load_state()
        try:
            return _found(page)
        except Error:
            continue
    return _found(page)


def _found(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    # What passed stays in the browser: carrying it over takes longer than looking.
    breaches = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations", TAGS
    )
    found = []
    for breach in breaches:
        for node in breach["nodes"]:
            selector = ALLOWED.get(breach["id"])
            element = node["target"][-1]
            if selector and page.evaluate(
                "([a, b]) => document.querySelector(a)?.matches(b)", [element, selector]
            ):
                continue
            found.append(f"{breach['id']}: {breach['help']}: {node['html'][:200]}")
    return found
