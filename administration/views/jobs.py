from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from administration.actions import jobs as actions
from administration.forms.jobs import SettleJobForm
from core.jobs import showing
from core.jobs.models import Job
from core.permissions import Request, signed_in
from govuk.form_page import bind, form_page


@signed_in
def settle_job(request: Request, job_id: int) -> HttpResponse:
    """A person says that what we gave up has been done."""
    job = get_object_or_404(Job.objects.not_done(), pk=job_id)
    # Whoever may not see what it was promised for is not told that there is such a job.
    if not showing.may_settle(request.user, job):
        raise Http404
    page = showing.page_of(request.user, job)
    return form_page(
        request,
        bind(request, SettleJobForm),
        lambda _nothing: actions.settle_job(job.pk, by=request.user, now=timezone.now()),
        template="administration/settle_job.html",
        done=f"{job.words}: you have said that it is done.",
        url=page or reverse("home"),
        job=job,
    )
