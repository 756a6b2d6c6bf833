"""Whom we believe and whom we ask.

* :mod:`~ecert.trust.store`: the anchors an office names, by role. Nothing is trusted by default.
* :mod:`~ecert.trust.paths`: certification paths (RFC 5280, 6), by pyhanko-certvalidator.
* :mod:`~ecert.trust.revocation`: what CRLs and OCSP answers say (RFC 5280, 6.3; RFC 6960, 3.2).
* :mod:`~ecert.trust.certificates`, :mod:`~ecert.trust.identity`, :mod:`~ecert.trust.tokens`: facts of certificates,
  whose they are, and a time-stamp's own signature.
* :mod:`~ecert.trust.usage`: which certificates may sign documents, time-stamps, OCSP answers.
* :mod:`~ecert.trust.services`: who may be asked over the network, as data.
* :mod:`~ecert.trust.client`: the only code that opens a connection.
* :mod:`~ecert.trust.gathering`, :mod:`~ecert.trust.timestamps`: asking for evidence and time-stamps.
"""
