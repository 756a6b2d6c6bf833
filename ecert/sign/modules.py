"""PKCS#11 modules in this process: a lock around each, one login on each of its tokens, none after a fork.

A module (a token's driver) keeps its state for the whole process. Who is logged in to a token is logged in for
everybody: any PIN would open it then, and one logout ends all (PKCS#11 2.40, 5.6). Hardly any driver takes two
threads at once, and after a fork none of it holds (5.4). So everything said to a module is said here.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ecert.errors import EcertError, PinError, SigningKeyError


class Module:
    """One driver as this process uses it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._taken: set[int] = set()  # slots whose tokens are logged in to, or about to be

    @contextmanager
    def calls(self, what: str) -> Iterator[None]:
        """Let this thread alone speak to the module; whatever it raises is ours, told as ``what``.

        Raises:
            SigningKeyError: the module failed, or belongs to the process this one was forked from.
        """
        self._refuse_after_fork()  # before the lock: whoever held it then does not live here
        with self._lock:
            try:
                yield
            except EcertError:
                raise
            except Exception as exc:  # python-pkcs11 raises also what is no PKCS11Error
                raise SigningKeyError(
                    f"{what} ({type(exc).__name__})",
                    code="token-failed",
                    hint="check that the token is plugged in and its driver works",
                ) from exc

    def library(self) -> Any:
        """Return the loaded module; within :meth:`calls`."""
        import pkcs11

        return pkcs11.lib(self._path)

    @contextmanager
    def reserved(self, slot: int, label: str) -> Iterator[None]:
        """Reserve a token while its PIN is asked for and tried; what fails gives it back.

        Raises:
            SigningKeyError: it is open already.
        """
        self._refuse_after_fork()
        with self._lock:
            if slot in self._taken:
                raise token_in_use(label)
            self._taken.add(slot)
        try:
            yield
        except BaseException:
            with self._lock:
                self._taken.discard(slot)
            raise

    @property
    def is_ours(self) -> bool:
        """Return whether it was loaded by this process, not by the one it was forked from."""
        return os.getpid() == self._process

    def log_out(self, slot: int, session: Any) -> None:
        """End a token's login; one that was pulled out has ended it already."""
        if not self.is_ours:
            return  # the login is the parent's
        with self._lock:
            self._taken.discard(slot)
            with suppress(Exception):
                session.close()

    def _refuse_after_fork(self) -> None:
        if not self.is_ours:
            raise SigningKeyError(
                "this process was forked from one that had the token's driver in use",
                code="token-after-fork",
                hint="open keys after the fork, in the process that signs; or start it anew (spawn)",
            )


class Login:
    """A session on one token, logged in, and how many keys share it; the last one ends it."""

    def __init__(self, module: Module, slot: int, label: str, session: Any) -> None:
        self.module = module
        self.slot = slot
        self.label = label
        self.session = session
        self._keys = 0
        # a key that nobody closed must not keep its token from everybody else
        self._end = weakref.finalize(self, module.log_out, slot, session)
        self._end.atexit = False  # the module may be gone by then, and the token logs out with it

    def share(self) -> None:
        """Count one more key.

        Raises:
            SigningKeyError: it has ended.
        """
        with self.module.calls("the token cannot be shared"):
            if not self._end.alive:
                raise key_closed()
            self._keys += 1

    def leave(self) -> None:
        """Count one key less; the last one logs out."""
        if not self.module.is_ours:
            return
        with self.module.calls("the token cannot be left"):
            self._keys -= 1
            if self._keys == 0:
                self._end()


def key_closed() -> SigningKeyError:
    """Return the refusal of a key that was given back."""
    return SigningKeyError("the key is closed", code="key-closed", hint="open it again")


def load_module(path: str) -> Module:
    """Return the driver at ``path``, whatever links lead there."""
    real = os.path.realpath(path)
    with _registry.lock:
        return _registry.modules.setdefault(real, Module(path))


def log_in(module: Module, token: Any, label: str, ask: Callable[[], str]) -> Login:
    """Log in to a token nobody is logged in to; while the PIN is asked for others may use the module.

    Raises:
        PinError: the PIN is missing, wrong or locked; it is tried once.
        SigningKeyError: somebody is logged in already.
    """
    slot = int(token.slot.slot_id)
    with module.reserved(slot, label):
        secret = ask()
        with module.calls("the token could not be opened"), _pin_faults(label):
            return Login(module, slot, label, token.open(user_pin=secret))


def token_in_use(label: str) -> SigningKeyError:
    """Return the refusal of a token that has a login already."""
    return SigningKeyError(
        f"the token {label!r} is open already in this process",
        code="token-in-use",
        hint="share the opened key between threads, or close it first; for another key of the token "
        "pass beside=the opened key",
    )


@contextmanager
def _pin_faults(label: str) -> Iterator[None]:
    from pkcs11 import exceptions as said

    try:
        yield
    except said.PinLocked as exc:
        raise PinError("the token's PIN is locked", code="pin-locked", hint="ask its issuer") from exc
    except (said.PinIncorrect, said.PinInvalid, said.PinLenRange) as exc:
        raise PinError(
            f"the PIN of the token {label!r} is wrong; it was tried once",
            code="pin-wrong",
            hint="try again by hand: tokens lock after a few wrong PINs",
        ) from exc
    except (said.UserAlreadyLoggedIn, said.AnotherUserAlreadyLoggedIn) as exc:
        raise token_in_use(label) from exc  # by another part of the program, with a PIN of its own


class _Registry:
    """Every module of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.modules: dict[str, Module] = {}

    def renew_lock(self) -> None:
        self.lock = threading.Lock()  # the thread that held it does not live in a forked child


_registry = _Registry()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_registry.renew_lock)
