from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.list_papers, name="list-papers"),
    path("start/", views.start_paper, name="start-paper"),
    path("<int:pk>/", views.view_paper, name="view-paper"),
    path("<int:pk>/facts/", views.edit_facts, name="edit-facts"),
    path("<int:pk>/figures/", views.view_figures, name="view-figures"),
    path("<int:pk>/jobs/", views.watch_jobs, name="watch-jobs"),
    path("<int:pk>/freeze/", views.freeze_figures, name="freeze-figures"),
    path("<int:pk>/thaw/", views.thaw_figures, name="thaw-figures"),
    path("<int:pk>/make/", views.make_files, name="make-files"),
    path("<int:pk>/take-back/", views.take_back_files, name="take-back-files"),
    path("<int:pk>/add-section/", views.add_section, name="add-section"),
    path("<int:pk>/approve/", views.approve_paper, name="approve-paper"),
    path("<int:pk>/correct/", views.start_new_version, name="start-new-version"),
    path("<int:pk>/public.pdf", views.read_public, name="read-public"),
    path("<int:pk>/exempt.pdf", views.read_exempt, name="read-exempt"),
    path("sections/<int:pk>/", views.view_section, name="view-section"),
    path("sections/<int:pk>/write/", views.write_section, name="write-section"),
    path("sections/<int:pk>/release/", views.release_section, name="release-section"),
    path("sections/<int:pk>/take-back/", views.take_back_section, name="take-back-section"),
    path("names/<int:pk>/release/", views.release_name, name="release-name"),
]
