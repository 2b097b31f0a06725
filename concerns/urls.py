from django.urls import path

from concerns.views import concerns, contacts, correcting, files, marking, targets

app_name = "concerns"

urlpatterns = [
    path("", concerns.list_concerns, name="list-concerns"),
    path("add/", concerns.add_concern, name="add-concern"),
    path("contacts/", contacts.list_contacts, name="list-contacts"),
    path("contacts/add/", contacts.log_contact, name="log-contact"),
    path("targets/", targets.change_targets, name="change-targets"),
    path("<int:concern_id>/", concerns.view_concern, name="view-concern"),
    path("<int:concern_id>/respond/", concerns.respond_to_concern, name="respond-to-concern"),
    path("<int:concern_id>/allocate/", concerns.allocate_concern, name="allocate-concern"),
    path("<int:concern_id>/risk/", concerns.change_risk, name="change-risk"),
    path("<int:concern_id>/enquiry/", concerns.record_enquiry, name="record-enquiry"),
    path("<int:concern_id>/log/", concerns.add_to_log, name="add-to-log"),
    path("<int:concern_id>/correct/", correcting.correct_concern, name="correct-concern"),
    path("<int:concern_id>/safeguarding/", correcting.add_safeguarding, name="add-safeguarding"),
    path("<int:concern_id>/merge/", correcting.merge_concern, name="merge-concern"),
    path("<int:concern_id>/reopen/", correcting.reopen_concern, name="reopen-concern"),
    path("<int:concern_id>/files/add/", files.add_file, name="add-file"),
    path("files/<int:file_id>/", files.download_file, name="download-file"),
    path("files/<int:file_id>/withdraw/", files.withdraw_file, name="withdraw-file"),
    path("names/", marking.mark_names, name="mark-names"),
    path("<int:concern_id>/close/", concerns.close_concern, name="close-concern"),
]
