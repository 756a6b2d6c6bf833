"""What bytes mean. No trust, no network, no verdict: those are above.

* :mod:`~ecert.formats.pdf`: PDF syntax: the strict reader, the plain writer.
* :mod:`~ecert.formats.pades`: signatures in PDF: fields, byte ranges, CMS, DSS.
* :mod:`~ecert.formats.images`: image files: probed, read into pages, decoded.
* :mod:`~ecert.formats.record`: the certification record and its XML.
* :mod:`~ecert.formats.ecert1`: the writer of format ecert-1, frozen: what revision 0 and appearances look like.
* :mod:`~ecert.formats.writers`: which package writes which format.
* :mod:`~ecert.formats.pdfa`: the gate a first revision passes (PDF/A-3b).
* :mod:`~ecert.formats.asn1_bounds`: how much ASN.1 is read at all.
* :mod:`~ecert.formats.certificate_parts`: certificates taken apart: extensions one by one.
* :mod:`~ecert.formats.xmp_changes`: what software may write anew in XMP.
"""
