"""Data: a whole tree of files read into what the engine judges, with every problem in it.

Owns what files mean together. Must not judge, print or write.
"""
