"""The network client: the only code of the library that opens a connection.

http and https alone; nothing that is loopback, private, link-local, multicast or reserved unless
the settings name the host (checked on the resolved addresses, and those very addresses are
connected to); redirects within one scheme, host and port; answers, time and requests bounded.

* :mod:`~ecert.trust.client.asking`: :class:`Client`, one for each document.
* :mod:`~ecert.trust.client.exchange`: one request and its answer, directly or through a proxy.
* :mod:`~ecert.trust.client.names`: host names looked up, and the addresses checked.
* :mod:`~ecert.trust.client.wire`: a connection that ends at a deadline.
* :mod:`~ecert.trust.client.faults`: why a request gave nothing.
"""

from __future__ import annotations

from ecert.trust.client.asking import MAX_REDIRECTS, Client
from ecert.trust.client.exchange import MAX_ANSWER_BYTES

__all__ = ["MAX_ANSWER_BYTES", "MAX_REDIRECTS", "Client"]
