"""A stand-in for CQC's Syndication API, down to its faults. Standard library only.

    python -m demo.cqc_server --folder FOLDER --port 8099

serves every `location_*.json` of a folder. In tests, `CqcServer(payloads).start()` serves payloads
from memory.
"""
