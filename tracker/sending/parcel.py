"""What is sent, and how it failed."""

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
