"""The addresses of figures, under `/figures/`."""

from django.urls import path

from figures import views

app_name = "figures"

urlpatterns = [
    path("", views.list_figures, name="list-figures"),
    path("area/<slug:area>/", views.list_area, name="list-area"),
    path("<slug:name>/", views.view_figure, name="view-figure"),
    path("<slug:name>/rows/", views.list_rows, name="list-rows"),
]
