"""Vocabulary: values and rules that every room above shares. Nothing here reads a document.

* :mod:`~ecert.model.findings`: what a report can say: codes, severities, checks.
* :mod:`~ecert.model.roles`: signer and seal, and their form fields.
* :mod:`~ecert.model.profiles`: rules of offices, dated.
* :mod:`~ecert.model.languages` and :mod:`~ecert.model.audiences`: the languages ecert speaks, and to whom.
* :mod:`~ecert.model.levels` and :mod:`~ecert.model.indications`: levels and indications of the ETSI standards.
* :mod:`~ecert.model.algorithms` and :mod:`~ecert.model.schemes`: how long algorithms are reliable; names of signature
  schemes.
* :mod:`~ecert.model.evidence`: certificates, OCSP answers and CRLs, as bytes.
* :mod:`~ecert.model.images`: one scanned page as it will stand in the PDF.
* :mod:`~ecert.model.limits`: named limits of work.
* :mod:`~ecert.model.names`: whether two Vietnamese names are the same.
* :mod:`~ecert.model.times`: the clock, zones, how offices tell time.
* :mod:`~ecert.model.policy_names`, :mod:`~ecert.model.key_uris` and :mod:`~ecert.model.fingerprints`: what callers
  name in words: policies, keys, certificates.
* :mod:`~ecert.model.tables`, :mod:`~ecert.model.toml` and :mod:`~ecert.model.toml_values`: strict reading of tables
  and TOML.
* :mod:`~ecert.model.files`: reading up to a limit, writing atomically.
* :mod:`~ecert.model.pem`: PEM blocks in a file, in one pass.
* :mod:`~ecert.model.locks` and :mod:`~ecert.model.quiet`: locks that outlive a fork; warnings of libraries.
"""
