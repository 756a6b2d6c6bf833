"""Files built to make a verifier work: each at sizes n, 2n and 4n, with what judging it costs.

* :mod:`fuzz.growth.ground`: keys, a copy and a foreign signed file that the hostile ones begin with.
* :mod:`fuzz.growth.documents`, :mod:`fuzz.growth.certificates`, :mod:`fuzz.growth.texts`: the files.
* :mod:`fuzz.growth.child`: one file judged in a process of its own.
* :mod:`fuzz.growth.table`: all of them, as a table.
"""

from fuzz.growth.cases import CASES, Case

__all__ = ["CASES", "Case"]
