"""Rulebook: the law of a year, read from its file, checked against the form, tried by examples.

Owns what a rulebook's file means. Must not read a year's facts, judge units, print or write.
"""
