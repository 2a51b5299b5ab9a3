"""Words: results and problems said in the reader's language, as text and as data.

Owns catalogues and every form of output but the site. Must not judge, print or write files.
"""
