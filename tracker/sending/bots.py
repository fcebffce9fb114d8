"""Bots of 企业微信, 钉钉 and 飞书, and a webhook of our own that is signed.

The forms and signatures are those of the makers' own documentation on group bots (群机器人 / 自定义机器人).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from tracker.rules.channels import ChannelKind
from tracker.sending import outside
from tracker.sending.parcel import NotSent, Parcel

_JSON = {"Content-Type": "application/json; charset=utf-8"}


def send(kind: ChannelKind, parcel: Parcel, at: datetime, listed: Collection[str]) -> None:
    """Raise NotSent where the receiver is out of reach or says no."""
    _SENDERS[kind](parcel, at, listed)


def _wecom(parcel: Parcel, at: datetime, listed: Collection[str]) -> None:  # noqa: ARG001
    """Its key is part of the address."""
    _say(parcel.address, {"msgtype": "text", "text": {"content": _words(parcel)}}, listed, "errcode")


def _dingtalk(parcel: Parcel, at: datetime, listed: Collection[str]) -> None:
    address = parcel.address
    if parcel.secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = _hmac(parcel.secret.encode(), f"{stamp}\n{parcel.secret}".encode())
        address += f"{'&' if '?' in address else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
    _say(address, {"msgtype": "text", "text": {"content": _words(parcel)}}, listed, "errcode")


def _feishu(parcel: Parcel, at: datetime, listed: Collection[str]) -> None:
    told: dict[str, Any] = {"msg_type": "text", "content": {"text": _words(parcel)}}
    if parcel.secret:
        stamp = str(int(at.timestamp()))
        told |= {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{parcel.secret}".encode(), b"")}
    _say(parcel.address, told, listed, "code")


def _webhook(parcel: Parcel, at: datetime, listed: Collection[str]) -> None:
    """The signature covers the time and the body; the key lets the receiver pass over a second copy."""
    told = {"key": parcel.key, "subject": parcel.subject, "text": parcel.text}
    body, stamp = json.dumps(told, ensure_ascii=False).encode(), str(int(at.timestamp()))
    signature = hmac.new(parcel.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = _JSON | {
        "Idempotency-Key": parcel.key,
        "X-Ledger-Timestamp": stamp,
        "X-Ledger-Signature": f"sha256={signature}",
    }
    outside.post(parcel.address, body, headers, listed)


_SENDERS: dict[ChannelKind, Callable[[Parcel, datetime, Collection[str]], None]] = {
    ChannelKind.WECOM: _wecom,
    ChannelKind.DINGTALK: _dingtalk,
    ChannelKind.FEISHU: _feishu,
    ChannelKind.WEBHOOK: _webhook,
}


def _words(parcel: Parcel) -> str:
    return f"【{parcel.subject}】\n{parcel.text}"


def _hmac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def _say(address: str, told: dict[str, Any], listed: Collection[str], code: str) -> None:
    """These bots answer 200 and say in `code` whether they took it; 0 is yes."""
    content = outside.post(address, json.dumps(told, ensure_ascii=False).encode(), _JSON, listed)
    answer = outside.answer_of(content)
    if answer.get(code) != 0:
        reason = str(answer.get("errmsg") or answer.get("msg") or "未说明原因")[:100]
        raise NotSent(f"机器人未接收：{reason}。")
