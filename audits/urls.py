from django.urls import include, path

from audits.views import (
    action_changes,
    breaches,
    evidence,
    offline,
    plans,
    risk_contacts,
    stopping,
    templates,
    visits,
    work,
)

app_name = "audits"

urlpatterns = [
    path("", include("audits.urls_monitoring")),
    path("", visits.list_visits, name="list-visits"),
    path("plan/", visits.plan_visit, name="plan-visit"),
    path("<int:visit_id>/", visits.view_visit, name="view-visit"),
    path("<int:visit_id>/change/", visits.change_plan, name="change-plan"),
    path("<int:visit_id>/begin/", visits.begin_visit, name="begin-visit"),
    path("<int:visit_id>/sections/<int:place>/", work.record_answers, name="record-answers"),
    path("<int:visit_id>/complete/", visits.complete_visit, name="complete-visit"),
    path("<int:visit_id>/cancel/", visits.cancel_visit, name="cancel-visit"),
    path("<int:visit_id>/begin/undo/", stopping.undo_begin, name="undo-begin"),
    path("<int:visit_id>/stop/", stopping.stop_visit, name="stop-visit"),
    path("<int:visit_id>/day/", stopping.correct_day, name="correct-day"),
    path("<int:visit_id>/history/", stopping.view_history, name="view-history"),
    path("<int:visit_id>/public/", visits.mark_public, name="mark-public"),
    path("<int:visit_id>/findings/add/", plans.add_finding, name="add-finding"),
    path(
        "findings/<int:finding_id>/public/", plans.mark_finding_public, name="mark-finding-public"
    ),
    path("findings/<int:finding_id>/change/", plans.change_finding, name="change-finding"),
    path("<int:visit_id>/notes/add/", evidence.write_note, name="add-note"),
    path("<int:visit_id>/notes/<uuid:note_id>/", evidence.write_note, name="change-note"),
    path("<int:visit_id>/attachments/add/", evidence.add_attachment, name="add-attachment"),
    path("<int:visit_id>/feedback/", evidence.view_feedback, name="view-feedback"),
    path("<int:visit_id>/feedback/change/", evidence.give_feedback, name="give-feedback"),
    path("<int:visit_id>/risk/", evidence.raise_risk, name="raise-risk"),
    path("<int:visit_id>/breaches/add/", breaches.record_breach, name="record-breach"),
    path("<int:visit_id>/breaches/<int:breach_id>/met/", breaches.meet_breach, name="meet-breach"),
    path("<int:visit_id>/sharing/", evidence.record_sharing, name="record-sharing"),
    path("<int:visit_id>/reopen/", evidence.reopen_visit, name="reopen-visit"),
    path(
        "attachments/<uuid:attachment_id>/",
        evidence.download_attachment,
        name="download-attachment",
    ),
    path(
        "attachments/<uuid:attachment_id>/withdraw/",
        evidence.withdraw_attachment,
        name="withdraw-attachment",
    ),
    path("risk-contacts/", risk_contacts.list_risk_contacts, name="list-risk-contacts"),
    path("risk-contacts/add/", risk_contacts.save_risk_contact, name="add-risk-contact"),
    path(
        "risk-contacts/<int:contact_id>/",
        risk_contacts.save_risk_contact,
        name="change-risk-contact",
    ),
    path(
        "risk-contacts/<int:contact_id>/remove/",
        risk_contacts.remove_risk_contact,
        name="remove-risk-contact",
    ),
    path("offline/", offline.offline_visits, name="offline-visits"),
    path("offline/session/", offline.offline_session, name="offline-session"),
    path("offline/visits/", offline.offline_bundles, name="offline-bundles"),
    path("offline/visits/<int:visit_id>/", offline.offline_bundle, name="offline-bundle"),
    path("offline/visits/<int:visit_id>/send/", offline.receive_offline, name="receive-offline"),
    path("actions/", plans.list_actions, name="list-actions"),
    path("actions/agree/", plans.agree_action, name="agree-action"),
    path("actions/<int:action_id>/", plans.view_action, name="view-action"),
    path("actions/<int:action_id>/close/", plans.close_action, name="close-action"),
    path(
        "actions/<int:action_id>/due/", action_changes.change_action_due, name="change-action-due"
    ),
    path(
        "actions/<int:action_id>/owner/",
        action_changes.change_action_owner,
        name="change-action-owner",
    ),
    path(
        "actions/<int:action_id>/withdraw/",
        action_changes.withdraw_action,
        name="withdraw-action",
    ),
    path(
        "actions/<int:action_id>/withdraw/decide/",
        action_changes.decide_action_withdrawal,
        name="decide-action-withdrawal",
    ),
    path("actions/<int:action_id>/verify/", plans.verify_action, name="verify-action"),
    path(
        "actions/<int:action_id>/files/add/", action_changes.add_action_file, name="add-action-file"
    ),
    path(
        "actions/files/<int:file_id>/",
        action_changes.download_action_file,
        name="download-action-file",
    ),
    path(
        "actions/files/<int:file_id>/withdraw/",
        action_changes.withdraw_action_file,
        name="withdraw-action-file",
    ),
    path("templates/", templates.list_templates, name="list-templates"),
    path("templates/add/", templates.add_template, name="add-template"),
    path("templates/shipped/", templates.load_shipped, name="load-shipped"),
    path("templates/import/", templates.import_template, name="import-template"),
    path("templates/<int:template_id>/", templates.view_template, name="view-template"),
    path("templates/<int:template_id>/export/", templates.export_template, name="export-template"),
    path("templates/<int:template_id>/change/", templates.change_template, name="change-template"),
    path("templates/<int:template_id>/start/", templates.start_version, name="start-version"),
    path(
        "templates/<int:template_id>/publish/", templates.publish_template, name="publish-template"
    ),
    path("templates/<int:template_id>/discard/", templates.discard_draft, name="discard-draft"),
    path("templates/<slug:kind>/add/<int:under>/", templates.add_part, name="add-part"),
    path("templates/<slug:kind>/<int:part_id>/change/", templates.change_part, name="change-part"),
    path("templates/<slug:kind>/<int:part_id>/remove/", templates.remove_part, name="remove-part"),
]
