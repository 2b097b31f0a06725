"""Importing a file changes what it should, once; what was known before stays known, and newer facts
stay.
"""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from core.models import District, Event
from providers.models import Provider, Service
from ratings.actions import files
from ratings.actions.locations import apply_location
from ratings.cqc.parse import parse_location
from ratings.files.merge import BusyError
from ratings.models import (
    FileImport,
    ImportState,
    Location,
    LocationChange,
    LocationRelation,
    Rating,
    ServiceLocation,
)
from tests.ratings import file_factories as made
from tests.ratings import payloads
from tests.ratings.test_files_readers import DASHBOARD

HOME = "1-100"


@pytest.fixture(autouse=True)
def _database(db):
    pass


def upload(path, **more) -> FileImport:
    done = files.import_path(path, **more)
    assert done.state in (ImportState.DONE, ImportState.CHECKED), done.failed_because
    return done


def history(location_id=HOME, question="overall", group=""):
    rows = Rating.objects.known_now().filter(
        location=location_id, key_question=question, service_group=group
    )
    return [
        (row.rating, str(row.published_on), str(row.superseded_on or ""))
        for row in rows.order_by("published_on")
    ]


def from_api(day, *ratings, location_id=HOME, **more):
    payload = payloads.a_location(location_id, **more)
    if ratings:
        payload["currentRatings"] = payloads.inspection(*ratings[0])
        payload["historicRatings"] = [payloads.past(*one) for one in ratings[1:]]
    apply_location(
        parse_location(payload), noticed_at=datetime.fromisoformat(f"{day}T04:10:00+00:00")
    )


def kinds():
    return sorted(LocationChange.objects.values_list("kind", "key_question"))


def test_a_first_file_brings_locations_and_ratings_in_silence(tmp_path):
    rows = [made.rating(), made.rating(question="Safe"), made.rating("1-101", word="Not Rated")]
    done = upload(made.ratings_file(tmp_path, *rows))
    assert (done.kind, done.snapshot_on, done.rows_read) == ("ratings", date(2026, 7, 1), 3)
    assert (done.counts["locations_new"], done.counts["ratings_new"]) == (2, 2)
    assert history() == [("good", "2025-06-01", "")]
    home = Location.objects.get(pk=HOME)
    assert (home.name, home.local_authority, home.directorate) == (
        "Place 1-100",
        "Exampleshire",
        "Adult social care",
    )
    assert timezone.localtime(home.read_at).date() == date(2026, 7, 1)
    assert kinds() == []


def test_the_same_file_again_is_not_even_read(tmp_path):
    path = made.ratings_file(tmp_path, made.rating())
    first = upload(path)
    again = upload(path)
    assert (again.same_as, again.started_at, Rating.objects.count()) == (
        first,
        again.finished_at,
        1,
    )
    forced = upload(path, again=True)
    assert forced.same_as is None
    assert set(forced.counts.values()) == {0}
    assert Rating.objects.count() == 1


def test_files_in_order_make_history_and_news(tmp_path):
    upload(made.ratings_file(tmp_path, made.rating(day="01/06/2019"), day="05 August 2019"))
    before = timezone.now()
    lower = made.rating(word="Requires improvement", day="20/08/2019")
    upload(made.ratings_file(tmp_path, lower, day="09 September 2019", name="later.ods"))
    assert history() == [
        ("good", "2019-06-01", "2019-08-20"),
        ("requires_improvement", "2019-08-20", ""),
    ]
    as_known = Rating.objects.as_at(date(2019, 8, 31), known_at=before).get()
    assert (as_known.rating, as_known.superseded_on) == ("good", None)
    assert Rating.objects.as_at(date(2019, 8, 31)).get().rating == "requires_improvement"
    change = LocationChange.objects.get()
    assert (change.kind, change.before, change.after) == (
        "rating_lowered",
        "good",
        "requires_improvement",
    )


def test_an_older_file_fills_the_past_and_overwrites_nothing(tmp_path):
    later = made.rating(
        word="Requires improvement", day="20/08/2019", **{"Location Name": "Newer name"}
    )
    upload(made.ratings_file(tmp_path, later, day="09 September 2019"))
    older = made.rating(day="01/06/2018", **{"Location Name": "Older name"})
    done = upload(made.ratings_file(tmp_path, older, day="05 August 2019", name="older.ods"))
    assert history() == [
        ("good", "2018-06-01", "2019-08-20"),
        ("requires_improvement", "2019-08-20", ""),
    ]
    assert Location.objects.get(pk=HOME).name == "Newer name"
    assert (done.counts["locations_kept"], done.counts["ratings_of_the_past"]) == (1, 1)
    assert kinds() == []


def test_what_the_api_said_later_stays(tmp_path):
    from_api("2026-08-01", ("Good", "2026-07-15"), ("Inadequate", "2025-01-01"), numberOfBeds=38)
    held = list(Rating.objects.values_list("pk", flat=True))
    stale = made.active(
        **{"Location Latest Overall Rating": "Outstanding", "Publication Date": "01/03/2026"}
    )
    done = upload(made.active_file(tmp_path, stale, day="01 July 2026"))
    assert list(Rating.objects.known_now().values_list("pk", flat=True)) == held
    assert Location.objects.get(pk=HOME).beds == 38
    assert done.counts["locations_kept"] == 1
    assert kinds() == []


def test_a_file_newer_than_the_api_brings_news(tmp_path):
    from_api("2026-06-01", ("Good", "2025-06-01"))
    changed = {"Care homes beds": "35", "Dormant (Y/N)": "Y", "Location Postal Code": "ZZ9 9ZZ",
               "Location Latest Overall Rating": "Inadequate",
               "Publication Date": "20/06/2026"}  # fmt: skip
    upload(made.active_file(tmp_path, made.active(**changed)))
    assert history() == [("good", "2025-06-01", "2026-06-20"), ("inadequate", "2026-06-20", "")]
    assert kinds() == [("beds_cut", ""), ("dormant", ""), ("rating_lowered", "overall")]


def test_a_rating_published_later_than_the_files_is_never_turned_back(tmp_path):
    from_api("2026-06-01", ("Good", "2026-05-20"))
    upload(made.active_file(tmp_path, made.active(**{"Publication Date": "01/03/2022"})))
    assert history() == [("good", "2022-03-01", "2026-05-20"), ("good", "2026-05-20", "")]


def test_a_correction_of_one_day_keeps_what_we_knew(tmp_path):
    upload(made.ratings_file(tmp_path, made.rating(), day="01 June 2026"))
    before = timezone.now()
    upload(made.ratings_file(tmp_path, made.rating(word="Outstanding"), name="later.ods"))
    assert history() == [("outstanding", "2025-06-01", "")]
    assert Rating.objects.known_at(before).get().rating == "good"


def test_of_two_ratings_of_one_day_the_lowest_stands(tmp_path):
    rows = [
        made.rating(),
        made.rating(word="Inadequate"),
        made.rating(word="Outstanding", day="01/01/2020"),
    ]
    upload(made.ratings_file(tmp_path, *rows))
    assert history() == [("inadequate", "2025-06-01", "")]


def test_an_assessment_of_a_service_ends_the_inspections_rating_of_the_whole(tmp_path):
    upload(made.ratings_file(tmp_path, made.rating(day="01/06/2019"), day="01 June 2024"))
    rows = [
        made.rating(word="Requires improvement", day="01/03/2025"),
        made.rating(word="Requires improvement", day="01/03/2025", group="Residential homes"),
    ]
    upload(made.ratings_file(tmp_path, *rows, name="later.ods"))
    assert history() == [("good", "2019-06-01", "2025-03-01")]
    assert history(group="Residential homes") == [("requires_improvement", "2025-03-01", "")]
    row = Rating.objects.known_now().get(service_group="Residential homes")
    assert (row.source, row.service_type) == ("assessment", "residential_home")
    change = LocationChange.objects.get()
    assert (change.kind, change.before, change.service_group) == (
        "rating_lowered",
        "good",
        "Residential homes",
    )
    # Active Locations tells the same assessment for the whole location, in the same month.
    told_again = made.active(
        **{
            "Location Latest Overall Rating": "Requires improvement",
            "Publication Date": "01/03/2025",
        }
    )
    done = upload(made.active_file(tmp_path, told_again))
    assert (done.counts["ratings_new"], done.counts["ratings_ended"]) == (0, 0)


def test_a_whole_location_told_before_its_service_is_retracted_when_the_service_is_known(tmp_path):
    upload(made.active_file(tmp_path, made.active(**{"Publication Date": "01/03/2025"})))
    upload(made.ratings_file(tmp_path, made.rating(day="01/03/2025", group="Residential homes")))
    assert history() == []
    assert history(group="Residential homes") == [("good", "2025-03-01", "")]


def test_registration_ends_by_the_deactivated_file(tmp_path, council):
    from_api("2026-05-01", ("Good", "2025-06-01"))
    link_to_a_service(council)
    row = [HOME, "Place 1-100", "Inactive", "01/10/2010", "31/05/2026", "Y", "40", "East Midlands",
           "Exampleshire", "Good", "01/06/2025", "1-200"]  # fmt: skip
    sheets = {"README": made.readme("01 July 2026"), "Sheet1": [made.DEACTIVATED, row]}
    upload(made.ods(tmp_path / "d.ods", sheets))
    home = Location.objects.get(pk=HOME)
    assert (home.is_registered, home.deregistered_on) == (False, date(2026, 5, 31))
    assert kinds() == [("registration_ended", "")]
    assert Event.objects.filter(kind="location.registration_ended").count() == 1
    # And a later Active Locations that lists it says that it is registered again.
    upload(made.active_file(tmp_path, made.active(), day="01 August 2026"))
    home.refresh_from_db()
    assert (home.is_registered, home.deregistered_on) == (True, None)


def link_to_a_service(council):
    provider = Provider.objects.create(name="A Provider")
    service = Service.objects.create(
        provider=provider, name="Place", service_type="residential_home",
        client_group="ageing_well",
        district=District.objects.first(),
    )  # fmt: skip
    from core.models import User

    officer = User.objects.create(username="officer")
    ServiceLocation.objects.create(
        service=service,
        location_id=HOME,
        since=date(2020, 1, 1),
        confirmed_by=officer,
        confirmed_at=timezone.now(),
    )


def test_a_missing_location_or_an_empty_cell_is_no_news(tmp_path):
    upload(made.active_file(tmp_path, made.active(), made.active("1-101"), day="01 June 2026"))
    empty = {
        "Location Postal Code": "",
        "Care homes beds": "",
        "Location Latest Overall Rating": "",
    }
    upload(made.active_file(tmp_path, made.active(**empty), name="later.ods"))
    home = Location.objects.get(pk=HOME)
    assert (home.postcode, home.beds, history()) == ("ZZ1 1ZZ", 40, [("good", "2025-06-01", "")])
    assert Location.objects.filter(is_registered=True).count() == 2
    assert kinds() == []


def test_an_inherited_rating_names_the_one_predecessor_that_we_know(tmp_path):
    from_api("2026-05-01")
    LocationRelation.objects.create(
        location_id=HOME, related_location_id="1-9", is_predecessor=True
    )
    upload(made.active_file(tmp_path, made.active(**{"Inherited Rating (Y/N)": "Y"})))
    assert Rating.objects.known_now().get().inherited_from == "1-9"


def test_a_file_that_does_not_say_its_day_overwrites_nothing():
    from_api("2020-05-01", location_id="1-752918925", name="As we know it")
    done = upload(DASHBOARD)
    assert (done.day_is_stated, done.rows_read, done.counts["locations_new"]) == (False, 119, 118)
    assert done.problems.filter(column="Publication Date", is_cell=True).count() == 82
    assert Location.objects.get(pk="1-752918925").name == "As we know it"
    upload(DASHBOARD, as_at=date(2026, 9, 1))
    assert Location.objects.get(pk="1-752918925").name == "1 & 2 Flax Cottages"


def test_a_dry_run_lists_what_would_change_and_changes_nothing(tmp_path):
    upload(made.active_file(tmp_path, made.active(), day="01 June 2026"))
    changed = made.active(
        **{
            "Care homes beds": "30",
            "Location Latest Overall Rating": "Inadequate",
            "Publication Date": "20/06/2026",
        }
    )
    path = made.active_file(tmp_path, changed, made.active("1-101"), name="later.ods")
    tried = upload(path, is_dry_run=True)
    assert tried.state == ImportState.CHECKED
    changes = list(tried.changes.values_list("kind", "location_id", "what", "before", "after"))
    assert sorted(changes) == sorted(
        [
            ("location_changed", HOME, "Beds", "40", "30"),
            ("location_new", "1-101", "Location", "", "Exampleshire, ZZ1 1ZZ"),
            ("rating_ended", HOME, "overall", "good 2025-06-01", "2026-06-20"),
            ("rating_new", "1-101", "overall", "", "good 2025-06-01"),
            ("rating_new", HOME, "overall", "good", "inadequate 2026-06-20"),
        ]
    )
    assert (Location.objects.count(), Rating.objects.count(), Location.objects.get().beds) == (
        1,
        1,
        40,
    )
    done = upload(path)
    assert {key: done.counts[key] for key in tried.counts} == tried.counts
    assert Location.objects.get(pk=HOME).beds == 30


def test_an_import_steps_aside_while_cqc_is_read(owner, tmp_path):
    path = made.ratings_file(tmp_path, made.rating())
    owner.execute("SELECT pg_advisory_lock(hashtext('ratings.sync'))")
    with pytest.raises(BusyError):
        files.import_path(path)
    assert FileImport.objects.count() == 0
    owner.execute("SELECT pg_advisory_unlock(hashtext('ratings.sync'))")
    assert files.import_path(path).state == ImportState.DONE


def test_the_staging_tables_may_be_made_in_the_real_database_and_are_gone_afterwards(tmp_path):
    upload(made.ratings_file(tmp_path, made.rating()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege('carequality_app', 'carequality_test', 'TEMPORARY')"
        )
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'staged%'")
        assert cursor.fetchone() == (0,)


def test_as_at_equals_a_replay_of_monthly_files(tmp_path):
    """Two years of monthly files, in order: on every day the standing rating is the last
    published.
    """
    words = ["Good", "Requires improvement", "Inadequate", "Outstanding"]
    published = {date(2020, 1, 10) + timedelta(days=75 * n): words[n % 4] for n in range(9)}
    for month in range(24):
        day = date(2020 + month // 12, month % 12 + 1, 28)
        past = [one for one in published if one <= day]
        if past:
            last = max(past)
            row = made.rating(word=published[last], day=f"{last:%d/%m/%Y}")
            upload(made.ratings_file(tmp_path, row, day=f"{day:%d %B %Y}", name=f"{month}.ods"))
    for offset in range(0, 700, 13):
        day = date(2020, 1, 10) + timedelta(days=offset)
        expected = published[max(one for one in published if one <= day)]
        found = Rating.objects.as_at(day).overall().get(location=HOME)
        assert found.get_rating_display() == expected


# The command


def test_the_command_says_what_it_did_and_what_it_could_not_use(tmp_path):
    path = made.ratings_file(tmp_path, made.rating(), made.rating("1-101", word="=Splendid"))
    out = StringIO()
    call_command("import_cqc", str(path), "--refused", str(tmp_path / "refused.csv"), stdout=out)
    printed = out.getvalue()
    assert "Latest ratings, 1 July 2026: 2 rows read." in printed
    assert (
        "Locations, row 3, Latest Rating: '=Splendid'. This is not a rating that we know."
        in printed
    )
    assert "'=Splendid" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    out = StringIO()
    call_command("import_cqc", str(path), stdout=out)
    assert "nothing to do" in out.getvalue()


def test_the_command_refuses_what_is_no_file_of_cqcs(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="not a file that we can use"):
        call_command("import_cqc", str(path))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_cqc", str(tmp_path / "absent.ods"))


def test_a_failed_merge_leaves_nothing_behind(tmp_path):
    with transaction.atomic():
        from_api("2026-06-01")
    done = files.import_path(made.ratings_file(tmp_path, made.rating(), day="01 January 2027"))
    assert (done.state, done.failed_because) == (
        ImportState.FAILED,
        "The file says that it is of 1 January 2027, which is in the future.",
    )
    assert Rating.objects.count() == 0
