"""What is printed wherever CQC's data is shown or exported (Open Government Licence v3.0)."""

ATTRIBUTION = "Contains CQC data © Care Quality Commission"
