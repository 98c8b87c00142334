"""Which network a request without an account comes from, for limits on how often it may speak."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

NEIGHBOURS = 64  # bits of an IPv6 address that one household shares


def sender_of(request: HttpRequest) -> str:
    """The network that sends: an address, or the household's part of an IPv6 one."""
    address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:  # how a socket for both families writes an IPv4 address
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, NEIGHBOURS), strict=False))
