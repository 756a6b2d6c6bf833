"""Named good and spoiled copies, each with the verdict it must get: vectors for every verifier.

    from ecert.testing import Press, make, specimen_names

    specimen = make("untouched")             # a Specimen: .data .verdict .codes .at .trust .evidence
    specimen.judge().verdict                 # ecert's own report, under the conditions stated
    specimen.write(folder)                   # NAME.pdf, NAME.json, anchors/, evidence/
    with Press() as press:                   # one office for many specimens
        for specimen in press.all(["shadow"]): ...

* :mod:`~ecert.testing.specimens.specimen`: what a specimen is, and the closed list of classes.
* :mod:`~ecert.testing.specimens.press`: the office and its honest copies.
* :mod:`~ecert.testing.specimens.increments`, ``surgery``, ``dishonest``: how they are spoiled: by
  revisions written by hand, in place, or by somebody who holds the keys; ``habits``: how programs with odd habits
  write.
* the other modules hold the recipes, one module a kind of attack.
"""

from __future__ import annotations

import atexit
from functools import lru_cache

from ecert.report import Verdict
from ecert.testing.office import Office
from ecert.testing.specimens.press import Press
from ecert.testing.specimens.registry import recipes, specimen_names
from ecert.testing.specimens.specimen import CLASSES, AttackClass, Specimen

__all__ = ["CLASSES", "AttackClass", "Press", "Specimen", "Verdict", "make", "recipes", "specimen_names"]


def make(name: str, *, office: Office | None = None) -> Specimen:
    """Make a specimen by its name.

    Without ``office`` all specimens of this process come from one throwaway office, so that they
    share anchors and time. Its loopback port closes when the process ends. What is made of an office
    of one's own is made of the same copies each time.

    Raises:
        UsageError: there is none of this name.

    Example:
        >>> make("bytes-after-the-end").verdict
        'INVALID'
    """
    return _press(office).make(name)


@lru_cache(maxsize=8)
def _press(office: Office | None) -> Press:
    press = Press(office)
    atexit.register(press.close)
    return press
