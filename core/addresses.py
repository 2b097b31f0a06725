"""The network address in what a proxy writes: with or without its port, or no address at all."""

import re
from ipaddress import IPv6Address, ip_address

# `203.0.113.5:51234` and `[2001:db8::1]:443`, as gateways write them; a bare IPv6 address has
# colons of its own.
_WITH_PORT = re.compile(r"(?P<v4>[0-9.]+):[0-9]*|\[(?P<v6>[^\]]*)\](?::[0-9]*)?")


def network_address(text: str) -> str:
    """The address that the text names, written one way; empty when it names none.

    An IPv4 address in the clothes of IPv6 is itself, so that nobody has two; the name of a network
    card after `%` says nothing outside of its machine.
    """
    text = text.strip().strip('"')
    if match := _WITH_PORT.fullmatch(text):
        text = match["v4"] or match["v6"] or ""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)
