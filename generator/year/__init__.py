"""Year: the facts of a year, read from a tree of files into what the engine judges.

Owns what a year's files mean together, and its receipts. Must not judge, print or write.
"""
