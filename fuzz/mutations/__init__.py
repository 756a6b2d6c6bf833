"""Mutations of our own valid copies: no change of their bytes may be judged VALID.

* :mod:`~fuzz.mutations.victims`: the copies, one of each level, and how they are judged.
* :mod:`~fuzz.mutations.syntax`: which byte is what, so that every kind of syntax is hit.
* :mod:`~fuzz.mutations.bytewise`: changes of bytes, drawn by kind of syntax.
* :mod:`~fuzz.mutations.files`: a copy taken apart into revisions and objects, and put together again.
* :mod:`~fuzz.mutations.values`, :mod:`~fuzz.mutations.asn1`: changes of PDF values and of ASN.1 values.
* :mod:`~fuzz.mutations.structural`: changes of structure, written back as one would who hides them.
* :mod:`~fuzz.mutations.reach`: which changes no rule can reach, with the proof.
* :mod:`~fuzz.mutations.judging`, :mod:`~fuzz.mutations.campaign`: one mutant judged, a hundred thousand.
"""
