"""From the paper to the draft: scanned pages read, checked, and handed to the writer of the format.

* :mod:`~ecert.capture.scan`: files in the order of the original's pages, checked; where image files and scanned PDFs
  come in.
* :mod:`~ecert.capture.scanned_pdf`: PDF files as office scanners deliver them.
* :mod:`~ecert.capture.profiles`: colour profiles of pages: those that would show other colours are refused.
* :mod:`~ecert.capture.draft`: from scan and record to revision 0: here the bytes go to :mod:`ecert.formats.writers`.
"""
