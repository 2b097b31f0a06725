"""The headings that position statements have, in their order, with the words that every one of them
needs.

Officers type under them; what stays empty is left out of the paper.
"""

from dataclasses import dataclass

from reports.models import INFORMATION, PaperPart


@dataclass(frozen=True)
class StandardSection:
    heading: str
    part: PaperPart = PaperPart.NARRATIVE
    level: int = 3
    body: str = ""


SECTIONS = (
    StandardSection(
        "Purpose of the report",
        level=2,
        body=(
            "To tell the Committee about the work of the {team} to make sure that people in the"
            " area can find good, sustainable care and support, whoever pays for it.\n\nTo tell the"
            " Committee which services have their contract with the Council suspended, so that it"
            " can consider the issues raised and how it wishes to follow them. Their names and"
            " stories are in the Exempt Appendix."
        ),
    ),
    # The paragraph about the Exempt Appendix is set here from the paper's own facts.
    StandardSection(INFORMATION, level=2),
    StandardSection(
        "Activity and performance",
        body=(
            "Regulated services are inspected and rated by the Care Quality Commission (CQC). The"
            " ratings of services in the authorities of the {region} compare as"
            " follows:\n\n[ratings table]"
        ),
    ),
    StandardSection("Good practice"),
    StandardSection("Financial support to providers"),
    StandardSection("Digital social care"),
    StandardSection("Home care services"),
    StandardSection("Working together between home care providers"),
    StandardSection("Provider forums and events"),
    StandardSection("Experts by Experience"),
    StandardSection("Contingency planning"),
    StandardSection("Emergency staffing support"),
    StandardSection("Information sharing"),
    StandardSection("The regional approach to risk"),
    StandardSection("Workforce and recruitment"),
    StandardSection("Quality monitoring"),
    StandardSection("Support for services rated Inadequate or Requires improvement"),
    StandardSection(
        "Contract suspensions",
        body=(
            "Sometimes a contract with a provider is suspended: the service goes on caring for the"
            " people it cares for, and for a time the Council gives it no new work. The usual"
            " reason is concern about quality. The service is then monitored closely against an"
            " action plan, and the suspension is lifted once the improvements are made and"
            " sustained.\n\nServices with a contract suspension are as follows:\n\n[suspensions"
            " table]"
        ),
    ),
    StandardSection(
        "Other options considered", level=2, body="No other options have been considered."
    ),
    StandardSection(
        "Reason/s for recommendation/s",
        level=2,
        body=(
            "The report gives the Committee the opportunity to consider what further action its"
            " issues call for."
        ),
    ),
    StandardSection(
        "Statutory and policy implications",
        level=2,
        body=(
            "Implications have been considered in respect of crime and disorder, data protection"
            " and information governance, finance, human resources, human rights, public health"
            " services under the NHS Constitution, the public sector equality duty, safeguarding of"
            " children and adults at risk, people who use services, and sustainability and the"
            " environment. Those that are material are described below. Advice was sought and"
            " people were consulted where it was needed."
        ),
    ),
    StandardSection(
        "Financial implications", body="No financial implications arise from this report."
    ),
    StandardSection(
        "Implications for people who use services",
        body=(
            "The Care Act 2014 makes the Council responsible for a market of good care for everyone"
            " in its area, whoever pays for it. Monitoring the quality of services, and acting"
            " early where it falls short, helps people to live as independently as they can with"
            " care that they can rely on."
        ),
    ),
    StandardSection(
        "Recommendation/s",
        PaperPart.RECOMMENDATIONS,
        2,
        "Members consider whether the issues in this report call for any action.\n\n"
        "Members say how the Committee wishes to follow the issues in this report.",
    ),
    StandardSection("Constitutional comments", PaperPart.COMMENT, 2),
    StandardSection("Financial comments", PaperPart.COMMENT, 2),
    StandardSection("Background papers and published documents", PaperPart.BACKGROUND, 2, "None."),
    StandardSection("Electoral division(s) and member(s) affected", PaperPart.DIVISIONS, 2, "All."),
    StandardSection("Services that have improved", PaperPart.EXEMPT, 2),
    StandardSection("What else the Committee should know", PaperPart.EXEMPT, 2),
)
