"""Addresses of what surrounds a visit, below /audits/ like the visits themselves."""

from django.urls import path

from audits.views import (
    bands,
    calendar,
    points,
    practice,
    programme,
    questions,
    report_sending,
    reports,
)

urlpatterns = [
    path("reports/", reports.list_reports, name="list-reports"),
    path("<int:visit_id>/report/", reports.view_report, name="view-report"),
    path("<int:visit_id>/report/draft.pdf", reports.draft_report_pdf, name="draft-report-pdf"),
    path("<int:visit_id>/beside/<int:template_id>/", reports.add_companion, name="add-companion"),
    path("reports/<int:report_id>/moderate/", reports.moderate_report, name="moderate-report"),
    path("reports/<int:report_id>/send/", report_sending.send_draft, name="send-draft"),
    path(
        "reports/<int:report_id>/nothing-to-add/",
        points.record_no_comments,
        name="record-no-comments",
    ),
    path(
        "reports/<int:report_id>/points/add/",
        points.record_provider_comment,
        name="record-provider-comment",
    ),
    path(
        "points/<int:provider_comment_id>/answer/",
        points.answer_provider_comment,
        name="answer-provider-comment",
    ),
    path(
        "points/<int:provider_comment_id>/findings/<int:finding_id>/",
        points.correct_finding,
        name="correct-finding",
    ),
    path(
        "points/<int:provider_comment_id>/answers/<int:question_id>/",
        points.correct_answer,
        name="correct-answer",
    ),
    path(
        "points/<int:provider_comment_id>/summary/", points.correct_summary, name="correct-summary"
    ),
    path(
        "reports/<int:report_id>/send-again/",
        report_sending.send_report_again,
        name="send-report-again",
    ),
    path("reports/files/<int:file_id>.pdf", report_sending.report_file, name="report-file"),
    path("reports/<int:report_id>/review/", report_sending.ask_review, name="ask-report-review"),
    path(
        "reports/<int:report_id>/review/reviewer/",
        report_sending.change_reviewer,
        name="change-report-reviewer",
    ),
    path(
        "reports/<int:report_id>/review/decide/",
        report_sending.decide_review,
        name="decide-report-review",
    ),
    path("reports/<int:report_id>/final/", reports.finalise_report, name="finalise-report"),
    path("reports/<int:report_id>/plan/", reports.agree_plan, name="agree-plan"),
    path("procedure/", reports.change_procedure, name="change-procedure"),
    path("templates/<int:template_id>/questions/", questions.view_questions, name="view-questions"),
    path(
        "templates/<int:template_id>/questions.pdf", questions.questions_pdf, name="questions-pdf"
    ),
    path("bands/", bands.list_bands, name="list-bands"),
    path("bands/rules/", bands.list_band_rules, name="list-band-rules"),
    path("bands/rules/<int:number>/", bands.change_band_rule, name="change-band-rule"),
    path("bands/<int:service_id>/", bands.view_bands, name="view-bands"),
    path("programme/", programme.list_programme, name="list-programme"),
    path(
        "programme/<int:year>/<slug:service_type>/", programme.view_programme, name="view-programme"
    ),
    path(
        "programme/<int:year>/<slug:service_type>/draw-up/",
        programme.draw_up_programme,
        name="draw-up-programme",
    ),
    path(
        "programme/<int:year>/<slug:service_type>/plan/", programme.book_audits, name="book-audits"
    ),
    path(
        "programme/entries/<int:entry_id>/",
        programme.change_programme_entry,
        name="change-programme-entry",
    ),
    path("meetings/", programme.list_meetings, name="list-meetings"),
    path("meetings/<int:meeting_id>/", programme.record_meeting, name="record-meeting"),
    path("portfolios/", programme.list_portfolios, name="list-portfolios"),
    path("portfolios/<int:officer_id>/", programme.change_portfolio, name="change-portfolio"),
    path("calendar/", calendar.my_calendar, name="my-calendar"),
    path("calendar/make/", calendar.make_calendar, name="make-calendar"),
    path("calendar/revoke/", calendar.revoke_calendar, name="revoke-calendar"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar-feed"),
    path("good-practice/", practice.list_good_practice, name="list-good-practice"),
    path("good-practice/add/", practice.add_good_practice, name="add-good-practice"),
    path(
        "good-practice/<int:practice_id>/", practice.view_good_practice, name="view-good-practice"
    ),
    path(
        "good-practice/<int:practice_id>/consent/", practice.record_consent, name="record-consent"
    ),
    path(
        "good-practice/<int:practice_id>/withdraw/",
        practice.withdraw_consent,
        name="withdraw-consent",
    ),
    path("nominations/", practice.list_nominations, name="list-nominations"),
    path("nominations/add/", practice.add_nomination, name="add-nomination"),
    path(
        "nominations/<int:nomination_id>/",
        practice.record_nomination_result,
        name="record-nomination-result",
    ),
    path("improvement/", practice.list_enrolments, name="list-enrolments"),
    path("improvement/add/", practice.add_enrolment, name="add-enrolment"),
    path("improvement/<int:enrolment_id>/end/", practice.end_enrolment, name="end-enrolment"),
]
