from django.urls import path

from oversight import handing_over, views

app_name = "oversight"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/late/", handing_over.list_late_work, name="list-late-work"),
    path("work/<int:person_id>/", handing_over.view_work, name="view-work"),
    path("work/<slug:work>/<int:pk>/hand-over/", handing_over.hand_over, name="hand-over"),
    path("services/", views.list_services, name="list-services"),
    path("services/<int:service_id>/", views.view_service, name="view-service"),
    path("visits/<int:visit_id>/brief/", views.view_brief, name="view-brief"),
]
