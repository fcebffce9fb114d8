"""Requests to addresses that a person typed in: never to the office's own network, unless its host is listed.

The name is looked up once and the connection goes to the very address that was checked, so that a second look-up
cannot lead elsewhere; redirects are not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tracker.sending.parcel import NotSent, in_words

SECONDS = 15
LONGEST_ANSWER = 64 * 1024


def post(address: str, body: bytes, headers: Mapping[str, str], listed: Collection[str]) -> bytes:
    """What the receiver answers; raise NotSent where it is out of reach, forbidden or refuses.

    `listed` are the hosts that the administrator allows although they are private.
    """
    parts = urlsplit(address)
    place = _checked_place(parts, listed)
    connection = _connection(parts, place)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, dict(headers))
        with connection.getresponse() as answer:
            content = answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException, ssl.SSLError) as fault:
        raise NotSent(f"无法连接 {parts.hostname}，{in_words(fault)}。") from fault
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        lasting = answer.status in (404, 410)
        raise NotSent(f"{parts.hostname} 拒收，返回状态 {answer.status}。", lasting=lasting)
    return content


def answer_of(content: bytes) -> dict[str, Any]:
    """A receiver's answer as JSON, empty where it is none."""
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _checked_place(parts: SplitResult, listed: Collection[str]) -> str:
    host, port = parts.hostname or "", _port(parts)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise NotSent(f"找不到主机 {host}，请核对地址。") from fault
    place = str(found[0][4][0])
    if host not in listed and not _is_outside(place):
        raise NotSent(f"{host} 是内部网络地址，系统管理员未将其列入允许的主机，未发送。")
    return place


def _is_outside(place: str) -> bool:
    """Also of an old address that is written as a new one (::ffff:10.0.0.1)."""
    address = ipaddress.ip_address(place)
    return (getattr(address, "ipv4_mapped", None) or address).is_global


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connection(parts: SplitResult, place: str) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", _port(parts)
    if parts.scheme == "https":
        return _CheckedHTTPS(host, port, place)
    return _CheckedHTTP(host, port, place)


class _CheckedHTTP(http.client.HTTPConnection):
    """Connects to the place that was checked and to no other."""

    def __init__(self, host: str, port: int, place: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.place = place

    def connect(self) -> None:
        self.sock = socket.create_connection((self.place, self.port), SECONDS)


class _CheckedHTTPS(_CheckedHTTP):
    """The certificate is that of the host by its name."""

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
