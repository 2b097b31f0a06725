from django.urls import path

from oversight import views

app_name = "oversight"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("services/", views.list_services, name="list-services"),
    path("services/<int:service_id>/", views.view_service, name="view-service"),
    path("visits/<int:visit_id>/brief/", views.view_brief, name="view-brief"),
]
