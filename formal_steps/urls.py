from django.urls import path

from formal_steps.views import files, policy, representations, steps

app_name = "formal_steps"

urlpatterns = [
    path("", steps.list_formal_steps, name="list-formal-steps"),
    path("policy/", policy.change_policy, name="change-policy"),
    path("services/<int:service_id>/", steps.view_service_steps, name="view-service-steps"),
    path(
        "services/<int:service_id>/propose/", steps.propose_formal_step, name="propose-formal-step"
    ),
    path("services/<int:service_id>/none/", steps.take_no_step, name="take-no-step"),
    path("<int:step_id>/", steps.view_formal_step, name="view-formal-step"),
    path("<int:step_id>/record/", steps.complete_formal_step, name="complete-formal-step"),
    path("<int:step_id>/decide/", steps.decide_formal_step, name="decide-formal-step"),
    path("<int:step_id>/withdraw/", steps.withdraw_formal_step, name="withdraw-formal-step"),
    path("<int:step_id>/time/", steps.give_more_time, name="give-more-time"),
    path("<int:step_id>/review/", steps.review_formal_step, name="review-formal-step"),
    path("<int:step_id>/close/", steps.close_formal_step, name="close-formal-step"),
    path("<int:step_id>/files/add/", files.add_file, name="add-file"),
    path("files/<int:file_id>/", files.download_file, name="download-file"),
    path("files/<int:file_id>/withdraw/", files.withdraw_file, name="withdraw-file"),
    path("<int:step_id>/put/", representations.put_to_provider, name="put-to-provider"),
    path("<int:step_id>/ask-review/", representations.ask_review, name="ask-review"),
    path("<int:step_id>/letter/", representations.write_letter, name="write-letter"),
    path(
        "representations/<int:representation_id>/",
        representations.record_answer,
        name="record-answer",
    ),
    path("reviews/<int:request_id>/", representations.answer_review, name="answer-review"),
    path("letters/<int:letter_id>/", representations.download_letter, name="download-letter"),
]
