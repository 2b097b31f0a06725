from django.urls import path

from administration.views import council, cover, health, jobs, people, signing_in

urlpatterns = [
    path("", signing_in.home, name="home"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/typed/", signing_in.send_typed, name="send-typed"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("password/", signing_in.change_password, name="change-password"),
    path("password/news/", signing_in.read_account_news, name="read-account-news"),
    path("council/", council.council, name="council"),
    path("council/<slug:which>/add/", council.council_row, name="add-council-row"),
    path("council/<slug:which>/<int:pk>/", council.council_row, name="change-council-row"),
    path(
        "council/<slug:which>/<int:pk>/remove/",
        council.remove_council_row,
        name="remove-council-row",
    ),
    path("cover/", cover.set_cover, name="set-cover"),
    path("cover/<int:cover_id>/end/", cover.end_cover, name="end-cover"),
    path("people/", people.list_people, name="list-people"),
    path("people/add/", people.add_person, name="add-person"),
    path("people/<int:person_id>/", people.view_person, name="view-person"),
    path("people/<int:person_id>/change/", people.change_person, name="change-person"),
    path("people/<int:person_id>/groups/", people.change_groups, name="change-groups"),
    path("people/<int:person_id>/password/", people.set_password, name="set-password"),
    path("people/<int:person_id>/unlock/", people.unlock_person, name="unlock-person"),
    path("people/<int:person_id>/deactivate/", people.deactivate_person, name="deactivate-person"),
    path("people/<int:person_id>/reactivate/", people.reactivate_person, name="reactivate-person"),
    path("jobs/<int:job_id>/settle/", jobs.settle_job, name="settle-job"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
