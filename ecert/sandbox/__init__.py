"""Judge hostile documents in a process of their own, with limits of time and memory.

* :mod:`~ecert.sandbox.box`: :class:`Sandbox`, the calls of the library with the same arguments and answers.
* :mod:`~ecert.sandbox.worker`: one child process as the parent sees it: started, fed, timed, ended.
* :mod:`~ecert.sandbox.child`: what runs in it; :mod:`~ecert.sandbox.confine`: what it gives up first.
* :mod:`~ecert.sandbox.frames`, :mod:`~ecert.sandbox.answers`: what it says is bounded and checked, since
  whoever took it over speaks for it.

Limits of work stand in :mod:`ecert.model.limits` and hold everywhere; only here seconds count, so a
verdict that leans on the machine's speed is never more than ``over-limit``.

* :mod:`~ecert.sandbox.pool`: how many children there are.
* :mod:`~ecert.sandbox.landlock` and :mod:`~ecert.sandbox.seccomp`: which files, which system calls a child has left.
* :mod:`~ecert.sandbox.places`: where a child finds modules.
* :mod:`~ecert.sandbox.shapes`: plain values against the report's JSON Schema.
"""

from ecert.sandbox.box import Judgement, Sandbox

__all__ = ["Judgement", "Sandbox"]
