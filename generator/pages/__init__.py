"""Pages: results as Markdown, charts and tables, and the site built of them.

Owns the site. Reads results, never data; only `render.write`, `site` and `live` touch files.
"""
