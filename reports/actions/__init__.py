from reports.actions.clearing import approve, read_exempt, read_public, release_name, start_new_version
from reports.actions.making import freeze_figures, render, take_back, thaw_figures
from reports.actions.writing import (
    add_section,
    release_section,
    save_facts,
    start_paper,
    take_back_section,
    write_section,
)

__all__ = [
    "add_section",
    "approve",
    "freeze_figures",
    "read_exempt",
    "read_public",
    "release_name",
    "release_section",
    "render",
    "save_facts",
    "start_new_version",
    "start_paper",
    "take_back",
    "take_back_section",
    "thaw_figures",
    "write_section",
]
