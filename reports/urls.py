from django.urls import path

from reports.views import clearing, desk, sections

app_name = "reports"
urlpatterns = [
    path("", desk.list_papers, name="list-papers"),
    path("start/", desk.start_paper, name="start-paper"),
    path("<int:pk>/", desk.view_paper, name="view-paper"),
    path("<int:pk>/facts/", desk.edit_facts, name="edit-facts"),
    path("<int:pk>/figures/", desk.view_figures, name="view-figures"),
    path("<int:pk>/jobs/", desk.watch_jobs, name="watch-jobs"),
    path("<int:pk>/freeze/", desk.freeze_figures, name="freeze-figures"),
    path("<int:pk>/unfreeze/", desk.unfreeze_figures, name="unfreeze-figures"),
    path("<int:pk>/make/", desk.make_files, name="make-files"),
    path("<int:pk>/take-back/", desk.take_back_files, name="take-back-files"),
    path("<int:pk>/add-section/", sections.add_section, name="add-section"),
    path("<int:pk>/approve/", clearing.approve_paper, name="approve-paper"),
    path("<int:pk>/correct/", clearing.start_new_version, name="start-new-version"),
    path("<int:pk>/public.pdf", clearing.read_public, name="read-public"),
    path("<int:pk>/exempt.pdf", clearing.read_exempt, name="read-exempt"),
    path("sections/<int:pk>/", sections.view_section, name="view-section"),
    path("sections/<int:pk>/write/", sections.write_section, name="write-section"),
    path("sections/<int:pk>/release/", sections.release_section, name="release-section"),
    path("sections/<int:pk>/take-back/", sections.take_back_section, name="take-back-section"),
    path("names/<int:pk>/release/", clearing.release_name, name="release-name"),
]
