"""Keys, and the writing of each step; what is written here is not yet verified and stays private.

* :mod:`~ecert.sign.opening`: :func:`open_key`, the one way from a URI to a key.
* :mod:`~ecert.sign.keys`: what a key is.
* :mod:`~ecert.sign.soft`, :mod:`~ecert.sign.pkcs11`: keys in files and tokens.
* :mod:`~ecert.sign.identity`: whom a signature names: all of a key that is needed before its value.
* :mod:`~ecert.sign.checks`: everything that is checked before a key is used.
* :mod:`~ecert.sign.steps`: the signer's revision, the seal's, the archive's.
* :mod:`~ecert.sign.pending`: a signature that waits for its value.

The public steps, which verify what they wrote, are in :mod:`ecert.stages`.

* :mod:`~ecert.sign.modules`: PKCS#11 modules: a lock around each, one login on each token.
"""
