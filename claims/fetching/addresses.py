"""Which IP addresses are of the public internet. Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_UNICAST = ip_network("2000::/3")
"""All that is routed publicly in IPv6. Outside are loopback, link-local, unique local, multicast, NAT64, and every IPv4
address written as an IPv6 one (mapped, compatible, translated)."""

# Named here although newer releases of Python know most of them: older ones that we run on do not.
_SPECIAL = [
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by the customers of a provider
        "192.0.0.0/24",  # for protocols; among them discovery of NAT64
        "192.88.99.0/24",  # relays from IPv6 to IPv4, abandoned
        "2001::/23",  # for protocols; among them Teredo, which wraps IPv4 addresses
        "2001:db8::/32",  # examples
        "2002::/16",  # 6to4, which wraps IPv4 addresses
        "3fff::/20",  # examples
    )
]


def is_public(address: str) -> bool:
    """Whether `address`, as a resolver gives it, is of a machine that anybody on the internet could reach."""
    ip = ip_address(address)
    if any(ip in network for network in _SPECIAL):
        return False
    return _is_public_4(ip) if isinstance(ip, IPv4Address) else _is_public_6(ip)


def _is_public_4(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_public_6(ip: IPv6Address) -> bool:
    return ip in _UNICAST and ip.is_global and ip.scope_id is None
