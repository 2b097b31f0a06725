#!/usr/bin/env python
"""Django's command line. Outside production the embedded database and broker start on demand."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")
    from devserver import embedded

    embedded.provide()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
