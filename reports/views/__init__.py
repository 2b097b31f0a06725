from reports.views.clearing import approve_paper, read_exempt, read_public, release_name, start_new_version
from reports.views.desk import (
    edit_facts,
    freeze_figures,
    list_papers,
    make_files,
    start_paper,
    take_back_files,
    thaw_figures,
    view_figures,
    view_paper,
    watch_jobs,
)
from reports.views.sections import (
    add_section,
    release_section,
    take_back_section,
    view_section,
    write_section,
)

__all__ = [
    "add_section",
    "approve_paper",
    "edit_facts",
    "freeze_figures",
    "list_papers",
    "make_files",
    "read_exempt",
    "read_public",
    "release_name",
    "release_section",
    "start_new_version",
    "start_paper",
    "take_back_files",
    "take_back_section",
    "thaw_figures",
    "view_figures",
    "view_paper",
    "view_section",
    "watch_jobs",
    "write_section",
]
