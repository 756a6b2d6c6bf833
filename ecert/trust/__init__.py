"""Whom we believe and whom we ask.

* :mod:`~ecert.trust.store`: the anchors an office names, by role and time. Nothing is trusted by default.
* :mod:`~ecert.trust.anchors`, :mod:`~ecert.trust.bundle`, :mod:`~ecert.trust.trusted_lists`: where they come from:
  certificates, signed bundles (what they say: :mod:`~ecert.trust.manifest`), ETSI trusted lists. Whose
  signature on these counts: :mod:`~ecert.trust.pins`.
* :mod:`~ecert.trust.opened`: any of these, opened to look at; :mod:`~ecert.trust.bundle_plan`: what a new bundle
  holds.
* :mod:`~ecert.trust.paths`: certification paths (RFC 5280, 6): candidates from :mod:`~ecert.trust.chains`, validated in
  :mod:`~ecert.trust.pathcheck`.
* :mod:`~ecert.trust.revocation`: what CRLs and OCSP answers say (RFC 5280, 6.3; RFC 6960, 3.2) and prove.
* :mod:`~ecert.trust.naming`, :mod:`~ecert.trust.signed`: by what issuers are found, and whether they signed.
* :mod:`~ecert.trust.certificates`, :mod:`~ecert.trust.identity`: facts of certificates, and whose they are;
  :mod:`~ecert.trust.extensions`: what their extensions say, each read alone;
  :mod:`~ecert.trust.timestamp_tokens`: a time-stamp's own signature.
* :mod:`~ecert.trust.usage`: which certificates may sign documents, time-stamps, OCSP answers.
* :mod:`~ecert.trust.services`: who may be asked over the network, as data; with it
  :mod:`~ecert.trust.breaker` (who did not answer) and :mod:`~ecert.trust.cache` (answers kept).
* :mod:`~ecert.trust.addresses`: what a URL means, and which IP addresses are public.
* :mod:`~ecert.trust.client`: the only code that opens a connection.
* :mod:`~ecert.trust.gathering`, :mod:`~ecert.trust.timestamps`: asking for evidence and time-stamps: what a certificate
  points to is read by :mod:`~ecert.trust.sources`, whose status a document leans on by :mod:`~ecert.trust.inquiry`.
* :mod:`~ecert.trust.evidence_folders`: evidence kept in folders, so that the same report can be made again.
* :mod:`~ecert.trust.questions`: gathers evidence for a document: the public ``gather_evidence``.
* :mod:`~ecert.trust.pool`: the certificates among which paths are searched.
* :mod:`~ecert.trust.library_reasons`: what libraries say in sentences, as reasons.
* :mod:`~ecert.trust.seen`: the highest sequence numbers of bundles and lists.
"""
