"""Commands: what people type, and the files that it begins for them.

The only package that prints, and the only one that looks at the calendar.
"""
