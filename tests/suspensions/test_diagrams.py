from django.conf import settings

from suspensions import diagrams, rules

PAGE = settings.BASE_DIR / "docs" / "suspensions.md"


def test_docs_show_the_diagrams_of_the_tables():
    assert diagrams.in_page(PAGE.read_text()) == PAGE.read_text(), "Run script/manage draw_suspensions"


def test_every_step_of_the_tables_is_drawn():
    drawn = diagrams.diagrams()
    for transition in rules.TRANSITIONS.values():
        for before in transition.before:
            assert f"{before.value} --> {transition.after.value}: {transition.words}" in drawn["suspension"]
    assert all(f"<!-- {name} -->" in PAGE.read_text() for name in drawn)
