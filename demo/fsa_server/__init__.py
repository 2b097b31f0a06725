"""A stand-in for the Food Standards Agency's API, with its quirks. Standard library only.

`FsaServer(establishments).start()` serves establishments from memory; `python manage.py serve_fsa
--port 8098` serves those of the demonstration's care homes.
"""
