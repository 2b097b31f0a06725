from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("recipients/", views.list_recipients, name="list-recipients"),
    path("recipients/add/", views.add_recipient, name="add-recipient"),
    path("recipients/<int:recipient_id>/close/", views.close_recipient, name="close-recipient"),
    path("messages/", views.change_message, name="change-message"),
]
