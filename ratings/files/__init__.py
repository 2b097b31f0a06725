"""CQC's monthly and weekly files: read as streams, recognised by their columns, merged set-wise. No
models in here.
"""
