"""CQC's Syndication API: a client, and a parser from its payloads to our words. No models in here.

Contains CQC data © Care Quality Commission, under the Open Government Licence v3.0; `ATTRIBUTION`
is printed wherever that data is shown or exported.
"""
