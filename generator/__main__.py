"""`python -m generator` is `kaohe`."""

from generator.commands.cli import main

main()
