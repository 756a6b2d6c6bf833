"""The package's map is honest: every name resolves, and importing it loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import ecert

HEAVY = {"pyhanko", "pyhanko_certvalidator", "lxml", "PIL", "pikepdf", "cryptography", "asn1crypto", "pypdf", "click"}


def test_every_public_name_resolves_and_is_documented() -> None:
    assert sorted(ecert._HOMES) == sorted(n for n in ecert.__all__ if n != "__version__")
    for name in ecert.__all__:
        value = getattr(ecert, name)
        assert name == "__version__" or value.__doc__, name
    assert set(ecert.__all__) <= set(dir(ecert))


def test_unknown_names_are_attribute_errors() -> None:
    assert not hasattr(ecert, "verify_everything")


def test_importing_the_package_loads_none_of_the_heavy_libraries() -> None:
    code = "import sys, ecert; print(*{m.split('.')[0] for m in sys.modules})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(out.stdout.split())
