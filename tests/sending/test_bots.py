"""Against a real HTTP receiver on this machine."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.rules.channels import ChannelKind
from tracker.sending import bots
from tracker.sending.parcel import NotSent, Parcel

AT = datetime(2025, 4, 3, 4, tzinfo=UTC)
HERE = frozenset({"127.0.0.1"})
SECRET = "SECmishi"  # noqa: S105


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    yield from receiving()


def receiving() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], (200, {"errcode": 0, "code": 0})
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def parcel(receiver, secret="", path="/hook?key=1"):
    return Parcel("k1", f"http://127.0.0.1:{receiver.server_port}{path}", "预警", "3 项逾期", secret)


def sent(receiver, kind, secret="", path="/hook?key=1"):
    bots.send(kind, parcel(receiver, secret, path), AT, HERE)
    path, headers, body = receiver.got[-1]
    return parse_qs(urlsplit(path).query), headers, json.loads(body)


def test_wecom_gets_a_text(receiver):
    query, _, told = sent(receiver, ChannelKind.WECOM)
    assert query == {"key": ["1"]}
    assert told == {"msgtype": "text", "text": {"content": "【预警】\n3 项逾期"}}


def test_dingtalk_is_signed_by_time_and_secret(receiver):
    query, _, told = sent(receiver, ChannelKind.DINGTALK, SECRET)
    expected = hmac.new(SECRET.encode(), f"{query['timestamp'][0]}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query["timestamp"] == [str(int(AT.timestamp() * 1000))]
    assert query["sign"] == [base64.b64encode(expected).decode()]
    assert told["msgtype"] == "text"


def test_feishu_is_signed_in_its_body(receiver):
    _, _, told = sent(receiver, ChannelKind.FEISHU, SECRET)
    key = f"{int(AT.timestamp())}\n{SECRET}".encode()
    assert told["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert told["content"] == {"text": "【预警】\n3 项逾期"}


def test_a_webhook_can_prove_who_sent_it_and_know_a_second_copy(receiver):
    bots.send(ChannelKind.WEBHOOK, parcel(receiver, SECRET), AT, HERE)
    _, headers, body = receiver.got[-1]
    signed = headers["X-Ledger-Timestamp"].encode() + b"." + body
    assert headers["X-Ledger-Signature"] == f"sha256={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"
    assert headers["Idempotency-Key"] == json.loads(body)["key"] == "k1"


def test_a_bot_that_says_no_is_told_with_its_reason(receiver):
    receiver.answers = (200, {"errcode": 93000, "errmsg": "invalid webhook url"})
    with pytest.raises(NotSent, match="invalid webhook url"):
        sent(receiver, ChannelKind.WECOM)


@pytest.mark.parametrize(("status", "lasting"), [(500, False), (404, True), (302, False)])
def test_what_is_refused_is_told_with_its_status(receiver, status, lasting):
    receiver.answers = (status, {})
    with pytest.raises(NotSent, match=str(status)) as refused:
        sent(receiver, ChannelKind.WEBHOOK)
    assert refused.value.lasting is lasting
    assert len(receiver.got) == 1  # a redirect is not followed


PRIVATE = ["127.0.0.1", "localhost", "10.0.0.8", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.8]"]


@pytest.mark.parametrize("host", PRIVATE)
def test_nothing_goes_into_the_offices_own_network(host):
    with pytest.raises(NotSent, match="内部网络|找不到主机"):
        bots.send(ChannelKind.WEBHOOK, Parcel("k", f"http://{host}:9/", "s", "t"), AT, frozenset())


def test_a_listed_host_is_allowed_by_its_name_alone(receiver):
    with pytest.raises(NotSent, match="内部网络"):
        bots.send(ChannelKind.WEBHOOK, parcel(receiver), AT, frozenset({"other.example.gov.cn"}))
    bots.send(ChannelKind.WEBHOOK, parcel(receiver), AT, HERE)


def test_a_receiver_that_is_not_there_is_told():
    with pytest.raises(NotSent, match="无法连接 127.0.0.1，对方拒绝连接。"):
        bots.send(ChannelKind.WEBHOOK, Parcel("k", "http://127.0.0.1:1/", "s", "t"), AT, HERE)
