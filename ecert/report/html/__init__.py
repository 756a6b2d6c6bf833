"""The report as one HTML file for a citizen: no script, nothing fetched, printable on A4, readable on a phone.

:func:`report_html` makes it from the report's tree and, for the pictures, the document's bytes.

* ``page``: the whole, part by part; ``reasons``, ``gallery``, ``technical`` are its larger parts.
* ``pictures``: what is shown of the pages, and what is not; ``scans`` decodes, ``drawing`` draws.
* ``markup``: elements that escape what they hold; names from a hostile file stay text.
* ``icons``, ``style.css``: how it looks; its own words are ``report/html.toml`` of :mod:`ecert.words`.
"""

from ecert.report.html.page import report_html

__all__ = ["report_html"]
