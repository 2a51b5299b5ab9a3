"""Judging: facts and a rulebook in, points, ranks and consequences out.

The standard library alone: no file, no clock, no language, and no word or number of any one
regulation. Nothing here imports from the other packages.
"""
