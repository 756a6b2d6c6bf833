"""Keys, and the writing of each step; what is written here is not yet verified and stays private.

* :mod:`~ecert.sign.keys`: :func:`open_key`, the one way to a key.
* :mod:`~ecert.sign.soft`, :mod:`~ecert.sign.pkcs11`: key files and tokens.
* :mod:`~ecert.sign.checks`: everything that is checked before a key is used.
* :mod:`~ecert.sign.steps`: the signer's revision, the seal's, the archive's.

The public steps, which verify what they wrote, are in :mod:`ecert.stages`.
"""
