"""Judge a document: a function of bytes, evidence, trust, policy and time. No key, no socket.

* :mod:`~ecert.verify.copy`: :func:`verify_copy`, the main path on one screen.
* :mod:`~ecert.verify.policies`: what is asked of a document; :mod:`~ecert.verify.case`: what is known so far.
* :mod:`~ecert.verify.structure`: the strict reader's account of every byte; :mod:`~ecert.verify.first_bytes`: what a
  file is that is no PDF.
* :mod:`~ecert.verify.changes`: what later revisions may change, and what they did.
* :mod:`~ecert.verify.integrity`: byte ranges, digests, CMS; :mod:`~ecert.verify.tokens`: their time-stamps.
* :mod:`~ecert.verify.validation`: EN 319 102-1: time-stamps, paths, revocation, proofs of existence.
* :mod:`~ecert.verify.order`: one signer, then one seal; :mod:`~ecert.verify.identity`: who they are.
* :mod:`~ecert.verify.stream_digests`: the images' digests, made meanwhile.
* :mod:`~ecert.verify.images`: what the stored pictures hold, against what is stated of them.
* :mod:`~ecert.verify.content`: record, statement, pages, PDF/A: revision 0 written again and compared.
* :mod:`~ecert.verify.reporting`: the report's tree. The verdict: :func:`ecert.report.tree.decide`.
* :mod:`~ecert.verify.second_opinion`: pyHanko and pypdf, on request.
* :mod:`~ecert.verify.additions`: signatures that came after others; :mod:`~ecert.verify.belonging`: whether two
  signers stand for one body.
* :mod:`~ecert.verify.demands` and :mod:`~ecert.verify.competence`: what a policy asks beyond its base; whether person
  and body were competent.
* :mod:`~ecert.verify.sealed`: persons signed, their body sealed last, whatever the document is;
  :mod:`~ecert.verify.other_systems`: copies that others made, where nothing of ours leaves :mod:`~ecert.verify.traces`;
  :mod:`~ecert.verify.last_signature`: what came after the last one.
* :mod:`~ecert.verify.checks` and :mod:`~ecert.verify.signature_rows`: the report's checks, and its rows about
  signatures.
"""
