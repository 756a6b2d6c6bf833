"""Every error ecert raises on purpose.

::

    EcertError
    ├── UsageError            2   the call itself is wrong
    │   └── SettingsError     2   a settings file or variable is wrong
    ├── InputError            4   a document or image is refused
    │   ├── StageError        4   a PDF is not of the stage it was opened as
    │   ├── RecordError       4   a field of the certification record is wrong
    │   ├── UnreadableError   4   a file cannot be read whole
    │   └── RevokedError      4   a certificate that the copy leans on was revoked
    ├── SigningKeyError       5   no usable key, or not exactly one
    │   └── PinError          5   the PIN or pass phrase was wrong or missing
    ├── ServiceError          6   a time-stamp, OCSP, CRL or AIA service did not answer
    ├── VerificationError   1|3   a report that was required to be VALID is not
    └── SelfCheckError       70   what was just written does not pass its own verification

The last two carry a report and stand where reports do: :class:`ecert.report.VerificationError`,
:class:`ecert.stages.SelfCheckError`. :class:`ecert.model.files.UnreadableError` and
:class:`ecert.sign.steps.RevokedError` stand where they are raised, and are caught as what they are kinds of; all
others are here. The number is the exit status of the command
line, 70 where the fault is ecert's own. A bad *document* is a result (a report with findings), only a
bad *call* is an exception. docs/reference/errors.md lists every code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, NoReturn

from ecert.words import fill, reason_sentence


class Reason:
    """Why something is as it is, as a value: a code, and what its sentence is filled with; immutable.

    The room that knows raises or reports it; its sentences stand in :mod:`ecert.words` under the code, which is
    ``room.name``. ``str()`` gives the English one. Values are texts, numbers and other reasons.
    """

    __slots__ = ("code", "values")

    code: str
    values: Mapping[str, str | int | float | Reason]

    def __init__(self, code: str, /, **values: str | int | float | Reason) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", MappingProxyType(values))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a reason is not changed: {name}")

    def __str__(self) -> str:
        return fill(reason_sentence(self.code, "en"), self.values)

    def __repr__(self) -> str:
        values = "".join(f", {key}={value!r}" for key, value in self.values.items())
        return f"Reason({self.code!r}{values})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reason):
            return NotImplemented
        return self.code == other.code and self.values == other.values

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.code, dict(self.values))

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.values.items())))


def _restored(code: str, values: dict[str, str | int | float | Reason]) -> Reason:
    return Reason(code, **values)


def _raised_elsewhere(kind: type[EcertError], args: tuple[object, ...], state: dict[str, object]) -> EcertError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class EcertError(Exception):
    """Say what happened, with which value, and what to do next.

    ``code`` is a stable kebab-case word for programs, ``hint`` the way out for people; ``reason`` is what happened
    as a value, None where it was said in words.
    """

    exit_status: ClassVar[int] = 70
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str | Reason, *, code: str | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.reason = message if isinstance(message, Reason) else None
        self.code = code or self.default_code
        self.hint = hint

    @property
    def message(self) -> str:
        """Return what happened, in English."""
        return str(self.args[0])

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle it whole, whatever its class is made from: workers raise in other processes."""
        return _raised_elsewhere, (type(self), self.args, dict(self.__dict__))

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(EcertError):
    """The call contradicts itself or lacks something."""

    exit_status = 2
    default_code = "usage"


class SettingsError(UsageError):
    """A settings file, variable or flag has an unknown key or an impossible value."""

    default_code = "settings"


class InputError(EcertError):
    """A scan or document is refused, by name."""

    exit_status = 4
    default_code = "input-refused"


class StageError(InputError):
    """A PDF is not the draft, signed copy or certified copy it was opened as."""

    default_code = "wrong-stage"


class RecordError(InputError):
    """A field of the certification record is missing or impossible; ``path`` names it."""

    default_code = "record-invalid"

    reason: Reason

    def __init__(self, reason: Reason, *, path: str = "", code: str | None = None, hint: str = "") -> None:
        super().__init__(Reason("record.at-path", path=path, reason=reason) if path else reason, code=code, hint=hint)
        self.path = path


class SigningKeyError(EcertError):
    """There is no usable key, or more than one, or its certificate may not sign this."""

    exit_status = 5
    default_code = "key-refused"


class PinError(SigningKeyError):
    """The PIN or pass phrase was wrong or could not be had; it is never tried twice."""

    default_code = "pin-refused"


class ServiceError(EcertError):
    """A time-stamp, OCSP, CRL or issuer service did not give what the level needs."""

    exit_status = 6
    default_code = "service-unavailable"
