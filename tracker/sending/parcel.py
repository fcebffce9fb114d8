"""What is sent, and how it failed."""

import ssl
from dataclasses import dataclass


@dataclass(frozen=True)
class Parcel:
    """One message to one address.  `key` is the same each time it is sent, so that a receiver can see a second copy."""

    key: str
    address: str
    subject: str
    text: str
    secret: str = ""


class NotSent(Exception):
    """Why a message did not arrive, in a sentence for the page of what waits.

    `lasting` says that another try would fail alike, as with an address that does not exist.
    """

    def __init__(self, sentence: str, *, lasting: bool = False) -> None:
        super().__init__(sentence)
        self.lasting = lasting


def in_words(fault: Exception) -> str:
    """What kept a connection from coming about, for people who run no server."""
    if isinstance(fault, TimeoutError):
        return "对方长时间没有应答"
    if isinstance(fault, ConnectionRefusedError):
        return "对方拒绝连接"
    if isinstance(fault, ssl.SSLCertVerificationError):
        return "对方的安全证书未通过校验"
    return "连接中断或对方应答有误"
