"""PAdES mechanics (ETSI EN 319 142-1): fields, byte ranges, CMS, DSS; no key, no trust, no network.

* :mod:`~ecert.formats.pades.cms`, :mod:`~ecert.formats.pades.cms_writer`: CMS SignedData and RFC 3161
  tokens, read; SignedData, written.
* :mod:`~ecert.formats.pades.old_subfilters`: the two sub-filters that PDF 2.0 withdrew, read.
* :mod:`~ecert.formats.pades.fields`: the signatures of a document and what they say they cover.
* :mod:`~ecert.formats.pades.ranges`: digests over byte ranges, each byte hashed once.
* :mod:`~ecert.formats.pades.dss`: the document security store.
* :mod:`~ecert.formats.pades.increments`: the revisions that signing and archiving append.
* :mod:`~ecert.formats.pades.algorithms`: signature schemes as plain values.
* :mod:`~ecert.formats.pades.asn1` and :mod:`~ecert.formats.pades.der`: ASN.1 classes set up for threads; DER,
  written.
* :mod:`~ecert.formats.pades.undeclared`: signatures that the form does not declare.
* :mod:`~ecert.formats.pades.unsigned_part`: what no signature covers in a CMS.
"""
