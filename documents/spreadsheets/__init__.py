"""Spreadsheets and CSV as they come in: one stream of lines, whatever program wrote the file.

`opening.open_sheets(path)` is the door. Why it is written by hand and what it bounds: decision 44
(docs/adr).
"""
