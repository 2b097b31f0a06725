from govuk.form_fields import SureForm


class SettleJobForm(SureForm):
    """That what we gave up has been done by a person, or is no longer needed."""

    submit_label = "It is done, or no longer needed"
