"""`python -m generator` is `kaohe`."""

from generator.cli import main

main()
