"""Fresh processes whose first act is done by eight threads at once: every one must come out right.

* :mod:`~fuzz.threads.child`: one process: eight threads wait at a barrier, then act, nothing warmed up.
* :mod:`~fuzz.threads.campaign`: many such processes, what came out wrong, and the table of it.
"""
