from django.urls import path

from suspensions.views import (
    changing,
    deciding,
    files,
    lifting,
    lists,
    monitoring,
    notification,
    people,
    placement,
    representations,
)

app_name = "suspensions"

urlpatterns = [
    path("", lists.list_suspensions, name="list-suspensions"),
    path("propose/", lists.propose_suspension, name="propose-suspension"),
    path("now/", lists.suspend_now, name="suspend-now"),
    path("placements/", lists.find_placement_status, name="find-placement-status"),
    path(
        "services/<int:service_id>/propose/",
        deciding.propose_for_service,
        name="propose-for-service",
    ),
    path(
        "services/<int:service_id>/now/", deciding.suspend_service_now, name="suspend-service-now"
    ),
    path(
        "services/<int:service_id>/placements/",
        placement.view_placement_status,
        name="view-placement-status",
    ),
    path("changes/<int:change_id>/decide/", changing.decide_change, name="decide-change"),
    path("changes/<int:change_id>/withdraw/", changing.withdraw_change, name="withdraw-change"),
    path("<int:suspension_id>/put/", representations.put_to_provider, name="put-to-provider"),
    path("<int:suspension_id>/ask-review/", representations.ask_review, name="ask-review"),
    path(
        "representations/<int:representation_id>/",
        representations.record_answer,
        name="record-answer",
    ),
    path("reviews/<int:request_id>/", representations.answer_review, name="answer-review"),
    path("letters/<int:letter_id>/", representations.download_letter, name="download-letter"),
    path(
        "recipients/<int:recipient_id>/letter/", representations.write_letter, name="write-letter"
    ),
    path("<int:suspension_id>/", lists.view_suspension, name="view-suspension"),
    path("<int:suspension_id>/record/", deciding.complete_record, name="complete-record"),
    path("<int:suspension_id>/decide/", deciding.decide_suspension, name="decide-suspension"),
    path("<int:suspension_id>/withdraw/", deciding.withdraw_proposal, name="withdraw-proposal"),
    path("<int:suspension_id>/confirm/", deciding.confirm_suspension, name="confirm-suspension"),
    path("<int:suspension_id>/end/", deciding.end_closed_service, name="end-closed-service"),
    path("<int:suspension_id>/propose-lift/", lifting.propose_lift, name="propose-lift"),
    path("<int:suspension_id>/decide-lift/", lifting.decide_lift, name="decide-lift"),
    path("<int:suspension_id>/withdraw-lift/", lifting.withdraw_lift, name="withdraw-lift"),
    path("<int:suspension_id>/review/", monitoring.record_review, name="record-review"),
    path("<int:suspension_id>/progress/", monitoring.add_progress, name="add-progress"),
    path("<int:suspension_id>/recipients/add/", notification.add_recipient, name="add-recipient"),
    path("<int:suspension_id>/extension/", changing.propose_extension, name="propose-extension"),
    path("<int:suspension_id>/scope/", changing.propose_scope, name="propose-scope"),
    path("<int:suspension_id>/correction/", changing.add_correction, name="add-correction"),
    path("<int:suspension_id>/welfare/", people.check_welfare, name="check-welfare"),
    path("<int:suspension_id>/meeting/", people.hold_meeting, name="hold-meeting"),
    path("<int:suspension_id>/files/add/", files.add_file, name="add-file"),
    path("files/<int:file_id>/", files.download_file, name="download-file"),
    path("files/<int:file_id>/withdraw/", files.withdraw_file, name="withdraw-file"),
    path("<int:suspension_id>/rest/", notification.notify_rest, name="notify-rest"),
    path("<int:suspension_id>/lead/", monitoring.hand_over, name="hand-over"),
    path("<int:suspension_id>/name/", monitoring.mark_name, name="mark-name"),
    path(
        "recipients/<int:recipient_id>/notified/",
        notification.record_notified,
        name="record-notified",
    ),
]
