"""What the apps register, in the order in which the pages show it."""

import pytest

from audits.brief import BRIEFS
from core.jobs.handlers import HANDLERS
from core.jobs.names import KINDS
from core.navigation import DESTINATIONS
from core.notices import NOTICES
from core.own_words import OWN_NAMES
from core.readiness import CHECKS
from core.registration import Registry
from core.today import CARDS
from providers.open_items import OPEN_ITEMS
from providers.placement import RESTRICTIONS


def test_cards_of_today_in_their_order():
    assert CARDS.names() == [
        "core.not_done.not_done",
        "documents.today.viruses_found",
        "suspensions.today.to_decide",
        "suspensions.today.to_review",
        "formal_steps.today.formal_steps",
        "suspensions.today.still_open",
        "formal_steps.today.reviews_asked",
        "oversight.today.late_work",
        "oversight.today.work_of_leavers",
        "audits.today.my_visits",
        "audits.today.audit_reports",
        "audits.today.review_meetings",
        "audits.today.actions_overdue",
        "audits.today.withdrawals_to_decide",
        "concerns.today.to_answer",
        "ratings.today.changes",
        "ratings.today.ratings_missed",
        "reports.today.papers",
        "providers.today.against_placements",
    ]


def test_the_navigation_in_its_order():
    assert DESTINATIONS.names() == [
        *(
            "Today",
            "Services",
            "Audits",
            "Concerns",
            "Suspensions",
            "Placements",
            "Ratings",
            "Papers",
        ),
        *("Council", "People"),
    ]


def test_what_must_work_for_the_product_to_be_ready():
    wanted = ["database", "broker", "worker", "virus_scanner", "last_sync"]
    assert CHECKS.names()[:5] == wanted


def test_what_higher_apps_tell_of_a_service():
    assert NOTICES.names() == [
        "suspensions.notices.in_force",
        "providers.notices.against_placements",
    ]
    assert RESTRICTIONS.names() == [
        "providers.placement.closures",
        "suspensions.placement.suspensions",
        "formal_steps.placement.formal_steps",
        "ratings.placement.deregistered",
    ]
    assert OPEN_ITEMS.names() == ["oversight.open_items.open_items"]
    assert OWN_NAMES.names() == ["providers.own_words.of_the_register"]
    assert BRIEFS.names() == ["oversight.brief.brief_lines"]


def test_every_kind_of_job_that_is_done_is_known_to_the_queue():
    done = {name for name in HANDLERS.names() if not name.startswith("tests.")}
    assert done <= KINDS.keys()


def test_two_entries_of_one_name_are_refused():
    registry: Registry[str] = Registry("words")
    registry.add("one", "first")
    registry.add("one", "first")
    with pytest.raises(ValueError, match="two of the words 'one'"):
        registry.add("one", "second")
