# What type checkers see of the names that `__init__.py` imports when they are asked for.
from generator.api import Unsound as Unsound
from generator.api import load as load

__version__: str
