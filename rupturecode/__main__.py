"""Run the command line as ``python -m rupturecode``."""

from rupturecode.cli import main

main()
