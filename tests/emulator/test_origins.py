"""Where requests come from, of sockets that a test machine may not have."""

from __future__ import annotations

import ipaddress

from airflow_provider_adls.emulator.origins import Origins


class Socket:
    """Both ends of a connection; also a request that came by it, and a writer to it."""

    def __init__(self, here=None, there=None):
        self.ends = {"sockname": here, "peername": there}
        self.transport = self

    def get_extra_info(self, name):
        return self.ends[name]


def test_the_other_end():
    """The client's address is that at the other end; of IPv6 without its zone, and IPv4 is IPv4."""
    origins = Origins()
    for peer, expected in (
        (("10.0.0.1", 5), "10.0.0.1"),
        (("::1", 5, 0, 0), "::1"),
        (("fe80::1%eth0", 5, 0, 2), "fe80::1"),
        (("::ffff:10.0.0.1", 5, 0, 0), "10.0.0.1"),
    ):
        assert origins.of(Socket(there=peer)) == ipaddress.ip_address(expected)


def test_an_address_is_read_once():
    """The address of a client is parsed once, and not at each of its requests."""
    origins = Origins()
    assert origins.of(Socket(there=("10.0.0.2", 5))) is origins.of(Socket(there=("10.0.0.2", 6)))


def test_a_tunnel():
    """Requests through a tunnel have its client's address, as long as the tunnel lasts."""
    origins, request = Origins(), Socket(there=("127.0.0.1", 7))
    with origins.tunnel(Socket(there=("10.0.0.1", 5)), Socket(here=("127.0.0.1", 7))):
        assert str(origins.of(request)) == "10.0.0.1"
    assert str(origins.of(request)) == "127.0.0.1"


def test_who_has_hung_up():
    """A connection that was lost has no address, at either end of a tunnel."""
    origins = Origins()
    assert origins.of(Socket()) is None
    with origins.tunnel(Socket(there=("10.0.0.1", 5)), Socket()):
        pass
    with origins.tunnel(Socket(), Socket(here=("127.0.0.1", 7))):
        assert origins.of(Socket(there=("127.0.0.1", 7))) is None
