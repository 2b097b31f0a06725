"""A paper's whole way: figures by the public login, release, both files, the scan, a second
person's approval.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, transaction
from django.urls import reverse

from core import versions
from core.jobs.models import Job, JobState
from core.models import Event
from core.models.council import ExemptParagraph
from documents.glyphs import printable
from figures.figure import Column, Figure, Row, Share
from formal_steps.models import FormalStep, StepType
from ratings.figures.regional import key_of
from ratings.figures.words import COMPARED, NOT_RATED, TYPES
from reports import desk, exempt, rules
from reports.actions import clearing, jobs, making, writing
from reports.models import (
    Approval,
    FrozenFigures,
    Paper,
    PaperFile,
    PaperJobKind,
    PaperStatus,
    ScanHit,
    Section,
    Side,
    SuspensionGrouping,
)
from reports.papers import composition
from reports.scan import _poppler
from reports.workflow import PAPER, files_as_shown
from suspensions.figures.papers import suspensions_in_force
from suspensions.models import Change, Correction, Recipient, Suspension, SuspensionStatus
from tests.refusals import not_allowed
from tests.reports import factories
from tests.reports.conftest import AS_AT, CANARIES, NOW, TODAY

LATER = datetime(2021, 6, 20, 9, tzinfo=UTC)


@pytest.fixture
def draft(facts, person):
    return writing.start_paper(given=facts, by=person("Officer", "author"))


def text_of(paper, side):
    return "\n".join(_poppler(bytes(paper.files.current().get(side=side).content)))


def test_the_suspension_table_of_june_2021_is_reproduced_and_is_the_apps_own(clear):
    paper = clear()
    frozen = FrozenFigures.objects.get(paper=paper, side=Side.PUBLIC).data["suspensions"]["rows"]
    table = [
        (row["service_type"], row["services"], row["status"], row["districts"]) for row in frozen
    ]
    assert table == [
        (
            "Care Home – Ageing Well",
            7,
            "Suspended",
            ["Gedling", "Bassetlaw", "Newark", "Mansfield", "Ashfield"],
        ),
        ("Care Home – Living Well", 2, "Suspended", ["Bassetlaw"]),
        ("Homecare", 2, "Suspended", ["Gedling", "Newark", "Rushcliffe"]),
    ]
    ours = [row.cells for row in suspensions_in_force(AS_AT).rows]
    assert [
        (kind, count, status, ", ".join(districts)) for kind, count, status, districts in table
    ] == ours
    text = text_of(paper, Side.PUBLIC)
    assert "Care Home – Ageing Well 7 Suspended Gedling, Bassetlaw, Newark" in " ".join(
        text.split()
    )


def test_a_paper_goes_from_draft_to_two_sealed_files(clear, person):
    paper = clear(Good_practice="A home began a choir.\n\n- They sing on Mondays")
    assert paper.status == PaperStatus.SCANNED
    files = {file.side: file for file in paper.files.current()}
    approver = person("Signatory", "approver")
    clearing.approve(
        paper.pk,
        by=approver,
        given=clearing.ApprovalInput(files[Side.PUBLIC].sha256, files[Side.EXEMPT].sha256),
        now=NOW,
    )
    paper.refresh_from_db()
    assert paper.status == PaperStatus.APPROVED
    public, appendix = text_of(paper, Side.PUBLIC), text_of(paper, Side.EXEMPT)
    assert "A home began a choir." in public
    assert "Rosewood Court 0" in appendix
    assert "Rosewood" not in public
    kinds = set(Event.objects.filter(about_label="reports.paper").values_list("kind", flat=True))
    assert {"paper.figures_frozen", "paper.rendered", "paper.scanned", "paper.approved"} <= kinds


def test_no_exempt_field_reaches_the_public_file(june_2021, clear):
    for name, value in CANARIES.items():
        setattr(june_2021["a0"], name, value)
    june_2021["a0"].save()
    paper = clear(What_else_the_Committee_should_know="Canaryexemptsection")
    hidden = [*CANARIES.values(), "Canaryexemptsection", "Harbourside"]
    appendix = text_of(paper, Side.EXEMPT)
    for canary in hidden:
        assert canary in appendix
    content = bytes(paper.files.current().get(side=Side.PUBLIC).content)
    from reports.scan import scan

    assert scan(content, [*hidden, *exempt.held_names(paper, TODAY)]) == []
    assert paper.status == PaperStatus.SCANNED


def test_the_same_paper_rendered_again_has_the_same_bytes(clear, person, public_worker):
    paper = clear()
    before = {file.side: file.sha256 for file in paper.files.current()}
    manager = person("Manager", "releaser")
    making.take_back(paper.pk, by=manager, now=NOW)
    making.render(paper.pk, by=manager, now=NOW)
    public_worker()
    jobs.sweep()
    assert {file.side: file.sha256 for file in paper.files.current()} == before


def test_without_districts_the_public_process_never_learns_them(paper, person, public_worker):
    paper.suspension_grouping = SuspensionGrouping.TYPE
    paper.save()
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    public_worker()
    rows = FrozenFigures.objects.get(paper=paper, side=Side.PUBLIC).data["suspensions"]["rows"]
    assert [row["districts"] for row in rows] == [[], [], []]
    assert [row["services"] for row in rows] == [7, 2, 2]


def test_a_name_in_public_prose_refuses_the_file_until_a_second_person_releases_it(clear, person):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    assert paper.status == PaperStatus.RENDERED
    mentions = {hit.where for hit in ScanHit.objects.filter(file__paper=paper)}
    assert (
        mentions == {"page 1", "page 2", "the section “Good practice”"}
        or "the section “Good practice”" in mentions
    )
    with not_allowed("wrong-state"):
        clearing.read_public(paper.pk, by=person("Officer", "author"))
    hit = ScanHit.objects.filter(file__paper=paper, name="Rosewood Court 3").first()
    for name in ("author", "releaser"):
        group = "Officer" if name == "author" else "Manager"
        with not_allowed("permission-missing" if name == "author" else "same-person"):
            clearing.release_name(
                hit.pk,
                by=person(group, name),
                given=clearing.ReleaseNameInput("It is fine"),
                now=NOW,
            )
    second = person("Manager", "second")
    with not_allowed("reason-missing", "reason"):
        clearing.release_name(hit.pk, by=second, given=clearing.ReleaseNameInput("  "), now=NOW)
    for each in ScanHit.objects.outstanding().filter(file__paper=paper):
        if ScanHit.objects.outstanding().filter(pk=each.pk).exists():
            clearing.release_name(
                each.pk,
                by=second,
                given=clearing.ReleaseNameInput("An example of good practice; says nothing else"),
                now=NOW,
            )
    paper.refresh_from_db()
    assert paper.status == PaperStatus.SCANNED
    assert clearing.read_public(paper.pk, by=person("Officer", "author")).side == Side.PUBLIC
    assert "Rosewood" not in str(list(Event.objects.values()))


def test_who_typed_a_name_does_not_release_it(clear, person):
    paper = clear(Good_practice="Rosewood Court 3 began a choir.")
    writer = person("Manager", "writer")
    Section.objects.filter(paper=paper, heading="Good practice").update(written_by=writer)
    hit = ScanHit.objects.filter(file__paper=paper).first()
    with not_allowed("same-person"):
        clearing.release_name(
            hit.pk, by=writer, given=clearing.ReleaseNameInput("It is fine"), now=NOW
        )


def test_nothing_changes_while_the_files_are_being_made(clear, person):
    paper = clear(Good_practice="A choir.")
    manager = person("Manager", "releaser")
    making.take_back(paper.pk, by=manager, now=NOW)
    making.render(paper.pk, by=manager, now=NOW)
    section = paper.sections.get(heading="Good practice")
    with not_allowed("files-being-made"):
        writing.take_back_section(section.pk, by=manager, now=NOW)
    with not_allowed("files-being-made"):
        writing.add_section(paper.pk, by=manager, given=writing.NewSectionInput("Another"), now=NOW)
    making.take_back(paper.pk, by=manager, now=NOW)
    writing.take_back_section(section.pk, by=manager, now=NOW)


def test_a_file_of_an_attempt_that_failed_in_part_never_goes_out(
    clear, person, public_worker, owner
):
    paper = clear(Good_practice="A choir.")
    manager = person("Manager", "releaser")
    making.take_back(paper.pk, by=manager, now=NOW)
    making.render(paper.pk, by=manager, now=NOW)
    public_worker()  # the public file stands; the Appendix fails
    paper.jobs.of_kinds([PaperJobKind.EXEMPT]).open().update(
        state=JobState.GIVEN_UP, given_up_at=paper.started_at, finished_at=paper.started_at
    )
    jobs.sweep()
    section = paper.sections.get(heading="Good practice")
    writing.take_back_section(section.pk, by=manager, now=NOW)
    writing.write_section(
        section.pk,
        by=manager,
        given=writing.SectionInput("Good practice", "No choir.", versions.seen_of(section)),
        now=NOW,
    )
    writing.release_section(section.pk, by=manager, now=NOW)
    making.render(paper.pk, by=manager, now=NOW)
    paper.jobs.of_kinds([PaperJobKind.PUBLIC]).open().update(
        state=JobState.GIVEN_UP, given_up_at=paper.started_at, finished_at=paper.started_at
    )
    jobs.sweep()  # now the Appendix is made, and the public file fails
    paper.refresh_from_db()
    assert paper.status == PaperStatus.RELEASED
    assert not paper.files.current().filter(side=Side.PUBLIC).exists()


def test_a_name_written_short_is_found_too(june_2021, clear):
    service = june_2021["a0"].service
    service.name = "Foxglove Manor Nursing Home"
    service.save()
    paper = clear(Good_practice="At Foxglove Manor they sing.")
    assert paper.status == PaperStatus.RENDERED
    assert {hit.name for hit in ScanHit.objects.filter(file__paper=paper)} == {"Foxglove Manor"}


def test_a_name_marked_public_is_not_held(june_2021, clear, person):
    suspension = june_2021["a3"]
    suspension.is_public_name, suspension.public_name_reason = True, "The council announced it"
    suspension.public_name_by = person("Manager")
    suspension.save()
    suspension.service.provider.name = "Openly Ltd"
    assert "Rosewood Court 3" not in exempt.held_names(clear(), TODAY)


def test_a_name_made_public_in_a_past_suspension_is_held_in_the_next(
    make_service, suspend, facts, person, council
):
    service = make_service("Foxglove Manor", provider="Foxglove Partners")
    past = suspend(
        service,
        is_public_name=True,
        public_name_reason="Announced",
        public_name_by=person("Manager"),
    )
    paper = writing.start_paper(given=facts, by=person("Officer"))
    assert "Foxglove Manor" not in exempt.held_names(paper, TODAY)
    past.status, past.lifted_on = SuspensionStatus.LIFTED, date(2021, 4, 20)
    past.lift_proposed_by, past.lift_decided_by = past.proposed_by, past.decided_by
    past.lift_proposed_at = past.lift_decided_at = past.lift_recorded_at = past.decided_at
    past.save()
    suspend(service, in_force_from=date(2021, 5, 20))
    assert {"Foxglove Manor", "Foxglove Partners"} <= exempt.held_names(paper, TODAY)


def test_a_service_under_a_default_notice_is_held(make_service, facts, person, council):
    service = make_service("Foxglove Manor", provider="Foxglove Partners")
    paper = writing.start_paper(given=facts, by=person("Officer"))
    assert "Foxglove Manor" not in exempt.held_names(paper, TODAY)
    FormalStep.objects.create(
        service=service,
        step_type=StepType.DEFAULT_NOTICE,
        due_on=date(2021, 7, 1),
        proposed_by=person("Manager", "proposer"),
        proposed_at=paper.started_at,
    )
    assert {"Foxglove Manor", "Foxglove Partners"} <= exempt.held_names(paper, TODAY)


def test_a_place_name_is_not_looked_for(make_service, suspend, facts, person):
    suspend(make_service("Southmarsh Care Home"))
    paper = writing.start_paper(given=facts, by=person("Officer"))
    names = exempt.held_names(paper, TODAY)
    assert "Southmarsh Care Home" in names
    assert "Southmarsh" not in names


def test_who_had_a_hand_in_a_paper_does_not_approve_it(clear, person):
    paper = clear(Good_practice="A choir.")
    helper = person("Manager", "helper")
    Section.objects.filter(paper=paper, heading="Good practice").update(written_by=helper)
    starter = person("Manager", "starter")
    Paper.objects.filter(pk=paper.pk).update(started_by=starter)
    paper.refresh_from_db()
    for user in (starter, person("Manager", "releaser"), helper):
        refusal = PAPER.refusal(paper, "approve", user)
        assert refusal is not None
        assert refusal.code == "same-person"
        assert user not in desk.may_approve(paper)
    assert PAPER.refusal(paper, "approve", person("Signatory", "signs")) is None


def test_approve_refused_for_officer(clear, person):
    """Only the page held it once: the rule and the action let an officer approve."""
    paper = clear()
    sums = {f"{file.side}_sha256": file.sha256 for file in paper.files.current()}
    officer = person("Officer", "another")
    with not_allowed("permission-missing"):
        PAPER.check(paper, "approve", officer, NOW, seen=files_as_shown(paper))
    with not_allowed("permission-missing"):
        clearing.approve(paper.pk, by=officer, given=clearing.ApprovalInput(**sums), now=NOW)
    with not_allowed("permission-missing"):
        clearing.scan_again(paper.pk, by=officer, now=NOW)
    assert not Approval.objects.exists()


def test_steps_of_the_desk_refused_for_officer(draft, person):
    officer = person("Officer", "author")
    for step in (making.freeze_figures, making.unfreeze_figures, making.render, making.take_back):
        with not_allowed("permission-missing"):
            step(draft.pk, by=officer, now=NOW)
    section = draft.sections.written().first()
    with not_allowed("permission-missing"):
        writing.release_section(section.pk, by=officer, now=NOW)
    with not_allowed("permission-missing"):
        clearing.read_exempt(draft.pk, by=officer)


def test_exempt_section_added_only_with_the_right_to_exempt_matter(draft, person):
    writer = person("Administrator", "writer")
    writer.user_permissions.add(Permission.objects.get(codename="write_paper"))
    given = writing.NewSectionInput("Improved", side=Side.EXEMPT)
    with not_allowed("permission-missing"):
        writing.add_section(draft.pk, by=writer, given=given, now=NOW)
    made_public = writing.add_section(
        draft.pk, by=writer, given=writing.NewSectionInput("Choirs"), now=NOW
    )
    assert not made_public.is_exempt
    with not_allowed("permission-missing"):
        writing.write_section(
            made_public.pk,
            by=writer,
            given=writing.SectionInput("x", "y", versions.seen_of(made_public)),
            now=NOW,
        )


def test_a_paper_waits_for_each_of_its_states_in_its_own_words(draft, person):
    """What the release button says is for everyone; who lacks the right is told so only at the
    end.
    """
    officer, signatory = person("Officer"), person("Signatory")
    assert str(desk.why_not_approve(draft, officer)) == "Freeze the figures first."
    for name in ("unfreeze", "render", "take-back", "approve", "read-public", "start-new-version"):
        assert PAPER.refusal(draft, name, person("Manager"), NOW).code == "wrong-state", name
    Paper.objects.filter(pk=draft.pk).update(status=PaperStatus.FROZEN)
    draft.refresh_from_db()
    assert "written sections first" in str(desk.why_not_approve(draft, signatory))
    Paper.objects.filter(pk=draft.pk).update(status=PaperStatus.RELEASED)
    draft.refresh_from_db()
    assert str(desk.why_not_approve(draft, officer)) == "Make both files first."
    assert PAPER.refusal(draft, "take-back", person("Manager"), NOW).code == "no-files"
    Paper.objects.filter(pk=draft.pk).update(status=PaperStatus.SCANNED)
    draft.refresh_from_db()
    assert (
        str(desk.why_not_approve(draft, officer)) == "You do not have the right to approve papers."
    )
    assert desk.why_not_approve(draft, signatory) is None


def test_clear_refused_while_a_name_is_held(draft):
    Paper.objects.filter(pk=draft.pk).update(status=PaperStatus.RENDERED)
    draft.refresh_from_db()
    with not_allowed("not-scanned"):
        PAPER.check(draft, "clear", None)
    job = jobs.add_job(draft, PaperJobKind.PUBLIC, by=draft.started_by, now=NOW)
    file = PaperFile.objects.create(
        paper=draft,
        job=job,
        side=Side.PUBLIC,
        content=b"x",
        sha256="0" * 64,
        made_at=NOW,
        scanned_at=NOW,
    )
    hit = ScanHit.objects.create(
        file=file,
        name="Foxglove",
        where="page 1",
        author=draft.started_by,
        asked_by=draft.started_by,
    )
    with not_allowed("names-held"):
        PAPER.check(draft, "clear", None)
    hit.delete()
    PAPER.check(draft, "clear", None)


def test_the_database_refuses_an_approval_by_the_author_or_without_seal(clear, person):
    paper = clear()
    author, releaser = person("Officer", "author"), person("Manager", "releaser")
    sums = {file.side: file.sha256 for file in paper.files.current()}
    seal = {
        "public_sha256": sums["public"],
        "exempt_sha256": sums["exempt"],
        "approved_at": paper.started_at,
    }
    for by in (author, releaser):
        with (
            pytest.raises(DatabaseError, match="approval_by_a_second_person"),
            transaction.atomic(),
        ):
            Approval.objects.create(
                paper=paper, approved_by=by, author=author, asked_by=releaser, **seal
            )
    with pytest.raises(DatabaseError, match="seal"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(status=PaperStatus.APPROVED)
    other = person("Manager", "other")
    Approval.objects.create(
        paper=paper,
        approved_by=other,
        author=author,
        asked_by=releaser,
        **{**seal, "public_sha256": "0" * 64},
    )
    with pytest.raises(DatabaseError, match="seal"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(status=PaperStatus.APPROVED)


@pytest.fixture
def approved(clear, person):
    paper = clear()
    sums = {f"{file.side}_sha256": file.sha256 for file in paper.files.current()}
    return clearing.approve(
        paper.pk, by=person("Signatory", "approver"), given=clearing.ApprovalInput(**sums), now=NOW
    )


def test_an_approved_paper_is_never_changed(approved, person):
    section = approved.sections.written().first()
    with not_allowed("wrong-state"):
        writing.take_back_section(section.pk, by=person("Manager"), now=NOW)
    for change in (
        lambda: Section.objects.filter(pk=section.pk).update(body="Other"),
        lambda: PaperFile.objects.filter(paper=approved).update(content=b"x"),
        lambda: FrozenFigures.objects.filter(paper=approved).delete(),
        lambda: Paper.objects.filter(pk=approved.pk).update(title="Other"),
        lambda: Approval.objects.filter(paper=approved).delete(),
    ):
        with pytest.raises(DatabaseError, match="new version"), transaction.atomic():
            change()


def test_nothing_is_moved_away_from_an_approved_paper(approved, person):
    later = clearing.start_new_version(
        approved.pk, by=person("Officer", "author"), given=clearing.CorrectionInput("A count.")
    )
    for change in (
        lambda: Section.objects.filter(paper=approved).update(paper=later),
        lambda: PaperFile.objects.filter(paper=approved).update(paper=later),
        lambda: FrozenFigures.objects.filter(paper=approved).update(paper=later),
    ):
        with pytest.raises(DatabaseError, match="new version"), transaction.atomic():
            change()


def test_a_correction_is_a_new_version_that_says_what_changed(approved, person):
    officer = person("Officer", "author")
    with not_allowed("correction-missing", "correction"):
        clearing.start_new_version(approved.pk, by=officer, given=clearing.CorrectionInput(" "))
    later = clearing.start_new_version(
        approved.pk, by=officer, given=clearing.CorrectionInput("A count was wrong.")
    )
    assert (later.version, later.status, later.replaces_id) == (2, PaperStatus.DRAFT, approved.pk)
    assert not later.sections.exclude(released_at=None).exists()
    assert later.sections.count() == approved.sections.count()
    with not_allowed("later-version"):
        clearing.start_new_version(approved.pk, by=officer, given=clearing.CorrectionInput("Again"))


def test_approval_is_of_the_bytes_that_were_shown(clear, person):
    paper = clear()
    sums = {f"{file.side}_sha256": file.sha256 for file in paper.files.current()}
    with not_allowed("stale-version"):
        clearing.approve(
            paper.pk,
            by=person("Signatory"),
            given=clearing.ApprovalInput(**{**sums, "public_sha256": "0" * 64}),
            now=NOW,
        )


def test_a_scan_that_cannot_read_refuses_the_file(clear, person, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    paper = clear()
    assert paper.status == PaperStatus.RENDERED
    assert Job.objects.get(kind=PaperJobKind.SCAN).state == JobState.GIVEN_UP
    assert "could not be read" in paper.files.get(side=Side.PUBLIC).scan_error
    with not_allowed("wrong-state"):
        clearing.read_public(paper.pk, by=person("Officer"))
    assert str(PAPER.refusal(paper, "approve", person("Signatory"))) == rules.NOT_SCANNED


def test_a_later_scan_that_fails_is_shown_whatever_the_earlier_one_found(
    clear, person, client_as, monkeypatch
):
    paper = clear()
    assert paper.files.get(side=Side.PUBLIC).scanned_at
    monkeypatch.setenv("PATH", "/nowhere")
    jobs.add_job(paper, PaperJobKind.SCAN, by=person("Manager", "releaser"), now=NOW)
    jobs.sweep()
    page = client_as("Manager", "releaser").get(reverse("reports:view-paper", args=[paper.pk])).text
    assert "The public file cannot be published: the scan failed." in page
    assert "The scan found no exempt name" not in page


def test_a_worker_that_lost_its_job_changes_nothing(paper, person, public_worker, owner):
    manager = person("Manager")
    making.freeze_figures(paper.pk, by=manager, now=NOW)
    with owner.transaction():
        token = owner.execute("SELECT token FROM published.claim_job()").fetchone()[0]
    job = Job.objects.get(kind=PaperJobKind.FIGURES)
    jobs.drop_jobs(paper, now=NOW)
    done = owner.execute(
        "SELECT published.finish_job(%s, %s, '{}', NULL, '')", [job.pk, token]
    ).fetchone()
    assert done == (False,)
    assert not FrozenFigures.objects.filter(paper=paper, side=Side.PUBLIC).exists()


def test_a_job_whose_worker_died_is_done_by_the_next(paper, person, public_worker, owner):
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    owner.execute("SELECT published.claim_job()")
    public_worker()
    assert Job.objects.get(kind=PaperJobKind.FIGURES).state == JobState.RUNNING
    owner.execute("UPDATE core_job SET heard_at = now() - interval '6 minutes'")
    public_worker()
    jobs.sweep()
    paper.refresh_from_db()
    assert paper.status == PaperStatus.FROZEN


def test_a_job_that_kills_its_worker_thrice_is_given_up(paper, person, owner):
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    for _ in range(3):
        owner.execute("SELECT published.claim_job()")
        owner.execute("UPDATE core_job SET heard_at = now() - interval '6 minutes'")
    jobs.sweep()
    assert Job.objects.get(kind=PaperJobKind.FIGURES).state == JobState.GIVEN_UP
    assert PAPER.refusal(paper, "compute-figures", person("Manager"), NOW) is None


def test_facts_do_not_change_between_the_figures_end_and_their_freezing(
    paper, person, public_worker
):
    """The public process has ended its job; the app's worker has not yet taken the paper on."""
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    public_worker()
    refused = PAPER.refusal(paper, "edit-facts", person("Officer", "author"))
    assert refused is not None
    assert refused.code == "figures-being-computed"
    jobs.sweep()
    paper.refresh_from_db()
    assert paper.status == PaperStatus.FROZEN


def test_figures_of_a_day_to_come_are_refused(paper, person):
    with not_allowed("day-to-come"):
        making.freeze_figures(
            paper.pk, by=person("Manager"), now=datetime(2021, 5, 1, 9, tzinfo=UTC)
        )


def test_the_narrative_waits_for_its_last_section(clear, paper, person, public_worker):
    manager = person("Manager", "releaser")
    making.freeze_figures(paper.pk, by=manager, now=NOW)
    public_worker()
    jobs.sweep()
    first, *others = Section.objects.filter(paper=paper).unreleased()
    for section in others:
        writing.release_section(section.pk, by=manager, now=NOW)
    paper.refresh_from_db()
    with not_allowed("wrong-state") as waits:
        making.render(paper.pk, by=manager, now=NOW)
    # How many and not which: a heading may hold an exempt name.
    assert str(waits.value) == "Release the 1 written section first."
    assert first.heading not in str(waits.value)
    writing.release_section(first.pk, by=manager, now=NOW)
    paper.refresh_from_db()
    assert paper.status == PaperStatus.RELEASED
    seen = versions.seen_of(first)
    with not_allowed("wrong-state"):
        writing.write_section(
            first.pk, by=manager, given=writing.SectionInput("x", "y", seen), now=NOW
        )
    writing.take_back_section(first.pk, by=manager, now=NOW)
    paper.refresh_from_db()
    assert paper.status == PaperStatus.FROZEN


def test_paragraphs_are_numbered_through_from_purpose_to_comments(clear):
    paper = clear(Financial_comments="None arise.", Good_practice="One.\n\nTwo.")
    html = text_of(paper, Side.PUBLIC)
    assert "paragraph 3 of Part 1 of Schedule 12A" in " ".join(html.split())
    numbers = [
        int(word[:-1]) for word in html.split() if word[:-1].isdigit() and word.endswith(".")
    ]
    run = [n for n in numbers if n < 60]
    assert [n for n in range(1, 15) if n not in run] == []
    assert composition.typed_text(paper.pk)["the section “Good practice”"].endswith("One.\n\nTwo.")


def test_a_name_that_became_exempt_after_the_scan_stops_the_approval(
    clear, person, client_as, make_service, suspend
):
    """A suspension decided while the paper waits: what was harmless to say yesterday is exempt
    today.
    """
    late = make_service("Foxglove Manor", provider="Foxglove Partners")
    paper = clear(Good_practice="At Foxglove Manor they sing.")
    assert paper.status == PaperStatus.SCANNED
    suspend(late)
    sums = {f"{file.side}_sha256": file.sha256 for file in paper.files.current()}
    signs = person("Signatory", "signs")
    with not_allowed("newly-exempt"):
        clearing.approve(paper.pk, by=signs, given=clearing.ApprovalInput(**sums), now=NOW)
    page = client_as("Signatory", "signs").post(
        f"/reports/{paper.pk}/approve/", {**sums, "read_both": "on"}
    )
    assert page.context["form"].errors.as_data()["__all__"][0].code == "newly-exempt"
    assert paper.jobs.of_kinds([PaperJobKind.SCAN]).open().exists()
    jobs.sweep()
    paper.refresh_from_db()
    assert paper.status == PaperStatus.RENDERED
    second = person("Manager", "second")
    while hit := ScanHit.objects.outstanding().filter(file__paper=paper).first():
        clearing.release_name(
            hit.pk,
            by=second,
            given=clearing.ReleaseNameInput("An example of good practice; says nothing else"),
            now=NOW,
        )
    assert clearing.approve(
        paper.pk, by=signs, given=clearing.ApprovalInput(**sums), now=NOW
    ).is_approved


def test_the_published_table_of_august_2019_is_carried_cell_by_cell():
    columns = [Column("authority", "Local authority")]
    for kind, group in TYPES:
        columns += [Column(key_of(kind, part), label, "share", group) for part, label in COMPARED]
        columns.append(Column(key_of(kind, NOT_RATED), "Not yet rated", "share", group))
    rows = []
    for line in factories.AUGUST_2019.strip().split("\n"):
        authority, *groups = line.split("|")
        shares = [Share(int(cell), 100) for group in groups for cell in group.split()]
        rows.append(Row((authority, *shares)))
    figure = Figure("regional-comparison", "", date(2019, 8, 31), "", tuple(columns), tuple(rows))
    table = composition.regional_table(figure.as_json(), "Nottinghamshire")
    assert table.rows == factories.regional_table().rows


def test_the_appendix_tells_the_scope_of_the_day_and_what_was_corrected(june_2021, person):
    """Agreed, corrected and lifted after the day that the paper is true of."""
    suspension = june_2021["a0"]
    Change.objects.create(
        suspension=suspension,
        what="scope",
        status="agreed",
        reason="Two admissions a week.",
        kind="partial",
        limit="Two a week",
        before_kind="full",
        effective_on=AS_AT + timedelta(days=3),
        proposed_by=person("Manager", "proposer"),
        proposed_at=LATER,
        decided_by=person("Manager", "decider"),
        decided_at=LATER,
        recorded_at=LATER,
    )
    Correction.objects.create(
        suspension=suspension,
        about="reasons",
        said="Ten people.",
        right="Twelve people.",
        reason="The count was read again.",
        by=person("Manager", "decider"),
        recorded_at=LATER,
    )
    for notification in ("suspension", "lift"):
        Recipient.objects.create(
            suspension=suspension, notification=notification, kind="cqc", name="CQC"
        )
    Suspension.objects.filter(pk=suspension.pk).update(
        kind="partial",
        limit="Two a week",
        status="lifted",
        reasons="Ten people.",
        lift_proposed_by=person("Manager", "proposer"),
        lift_proposed_at=LATER,
        lift_decided_by=person("Manager", "decider"),
        lift_decided_at=LATER,
        lift_recorded_at=LATER,
        lifted_on=AS_AT + timedelta(days=9),
    )
    stories = exempt.stories(AS_AT, None)["in_force"]
    story = next(each for each in stories if each["service"] == suspension.service.name)
    assert (story["kind"], story["scope"], story["days"]) == ("full suspension", "", 61)
    assert "Twelve people. (Corrected on " in story["reasons"]
    assert "Ten people." not in story["reasons"]
    assert [recipient["recipient"] for recipient in story["notified"]] == ["CQC"], (
        "nobody was to be notified of a lift yet"
    )


@pytest.mark.parametrize("paragraph", ExemptParagraph)
def test_both_files_give_the_exempt_paragraph_in_the_words_of_the_statute(draft, paragraph):
    words = paragraph.in_a_sentence
    assert printable(words) == words  # every letter of it can be set
    said = composition._exempt_paragraph(
        {"exempt_paragraph": paragraph.value, "public_interest": "Kept."}
    )
    assert f"exempt under paragraph {paragraph.value} of Part 1 of Schedule 12A" in said.text
    assert f", as {words}. It is in a separate Exempt Appendix." in said.text
    Paper.objects.filter(pk=draft.pk).update(exempt_paragraph=paragraph)
    FrozenFigures.objects.create(
        paper=draft, side=Side.EXEMPT, data={"in_force": [], "lifted": []}, frozen_at=NOW
    )
    assert composition.exempt_appendix(draft.pk).paragraph_text == f"{words}."


def test_exempt_paragraphs_are_those_of_schedule_12a():
    assert ExemptParagraph.values == [1, 2, 3, 4, 5, 6, 7]
    assert all(label.startswith(f"{number}: ") for number, label in ExemptParagraph.choices)
    assert all(paragraph.statute.endswith(".") for paragraph in ExemptParagraph)
    assert (
        ExemptParagraph(3).statute
        == "Information relating to the financial or business affairs of any particular person"
        " (including the authority holding that information)."
    )


def test_two_who_write_one_section_lose_nothing(draft, person):
    manager, officer = person("Manager"), person("Officer", "second")
    section = draft.sections.get(heading="Good practice")
    seen = versions.seen_of(section)
    given = writing.SectionInput("Good practice", "A choir.", seen)
    writing.write_section(section.pk, by=manager, given=given, now=NOW)
    mine = writing.SectionInput("Good practice", "A garden.", seen)
    with not_allowed("stale-version"):
        writing.write_section(section.pk, by=officer, given=mine, now=NOW)
    section.refresh_from_db()
    assert section.body == "A choir."
    assert versions.authors(section, ["body"]) == [manager]
