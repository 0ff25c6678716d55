"""Files in, text out: plain text, Markdown, HTML, DOCX, PDF with a text layer, and the cells of XLSX and ODS.

    >>> reading = read(upload.read(), filename=upload.name)
    >>> reading.text, reading.title, reading.warnings

The text has blank lines between paragraphs and "#" before headings, as `claims.intake.sentences` expects. What a file
is, is told by its bytes; its name decides only between plain text and Markdown.
"""

from claims.intake.readers.read import configured, read
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable

__all__ = ["Format", "Limits", "Reading", "Unreadable", "configured", "read"]
