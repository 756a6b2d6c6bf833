"""Speed and memory of ecert, each against a peer in the same run, as ratios.

::

    python -m bench             every row, two to five minutes
    python -m bench --quick     few repetitions, smaller files, no DSS, under a minute: a smoke test
    python -m bench --json      the same as one JSON object

Machines differ sixfold in SHA-256 alone, so no row is a bare time: we and the peer take turns
(A B A B …) in one process, medians are compared, and a target is a ratio. What grows with the file
is counted in passes of SHA-256 over it. No copy is timed twice in verification: a cache of ours that
knows the file already would flatter us.

* :mod:`bench.work`: the reference work J, keys, anchors, services.
* :mod:`bench.peers`: pyHanko and img2pdf, used plainly and used well.
* :mod:`bench.rows`: certify, verify, slopes. :mod:`bench.processes`: memory, import, command line.
* :mod:`bench.profiles`: ``python -m bench.profiles``, where the time goes.
"""
