"""Who may do what: the groups of the design and the permissions that each holds. Pages ask for a
permission, never for a group.
"""

from django.contrib.auth.models import Group, Permission

READ = [
    "providers.view_provider",
    "providers.view_service",
    "ratings.view_location",
]
READ_WORK = [
    *READ,
    "audits.view_visit",
    "concerns.view_concern",
    "notifications.view_registeredrecipient",
    "formal_steps.view_formalstep",
    "suspensions.view_suspension",
    "reports.view_paper",
    "core.read_exempt",
]
OFFICER = [
    *READ_WORK,
    "providers.add_service",
    "providers.change_service",
    "providers.add_provider",
    "providers.change_provider",
    "ratings.confirm_link",
    "audits.record_visit",
    "audits.change_action",
    "concerns.add_concern",
    "concerns.change_concern",
    "notifications.change_registeredrecipient",
    "formal_steps.record_formal_step",
    "suspensions.record_progress",
    "providers.change_fundedpeople",
    "reports.write_paper",
]
SENIOR_OFFICER = [
    *OFFICER,
    "audits.verify_action",
    "audits.edit_template",
    "audits.moderate_audit",
    "audits.plan_programme",
    "audits.reopen_visit",
    "providers.close_service",
    "ratings.run_sync",
]
# Managers propose and decide. That nobody decides what they proposed themselves is held by the
# workflow and by constraints, since a permission cannot tell one person from another.
MANAGER = [
    *SENIOR_OFFICER,
    "audits.mark_public",
    "audits.change_procedure",
    "concerns.change_targets",
    "ratings.change_target",
    "notifications.change_messagetemplate",
    "formal_steps.propose_formal_step",
    "formal_steps.decide_formal_step",
    "formal_steps.change_policy",
    "suspensions.propose_suspension",
    "suspensions.decide_suspension",
    "core.change_cover",
    "core.hand_over_work",
    "reports.release_paper",
    "reports.read_exempt_paper",
    "reports.release_name",
    "reports.approve_paper",
    "core.view_event",
]
GROUPS: dict[str, list[str]] = {
    "Officer": OFFICER,
    "Senior officer": SENIOR_OFFICER,
    "Manager": MANAGER,
    # The director and the Monitoring Officer: they sign, they do not do the team's daily work.
    "Signatory": [
        *READ_WORK,
        "reports.read_exempt_paper",
        "reports.release_name",
        "reports.approve_paper",
        "core.view_event",
    ],
    "Committee clerk": [
        *READ,
        "reports.view_paper",
        "reports.write_paper",
        "reports.read_exempt_paper",
        "core.read_exempt",
    ],
    # Whoever places people needs to know whether a service takes them, and not why not: the status
    # is shown without its reason.
    "Practitioner": [
        "providers.view_service",
        "ratings.view_location",
        "suspensions.view_placement_status",
    ],
    # Runs the system, does not read what is exempt.
    "Administrator": [
        *READ,
        "providers.add_service",
        "providers.change_service",
        "providers.close_service",
        "providers.add_provider",
        "providers.change_provider",
        "ratings.run_sync",
        "ratings.confirm_link",
        "ratings.change_target",
        "reports.view_paper",
        "core.change_councilprofile",
        "core.change_user",
        "audits.change_procedure",
        "concerns.change_targets",
    ],
}


def seed(using: str) -> None:
    """Create the groups with exactly the permissions of the table; a permission not yet migrated is
    added by a later run.
    """
    by_code = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.using(using).select_related("content_type")
    }
    for name, codes in GROUPS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set([by_code[code] for code in codes if code in by_code])
