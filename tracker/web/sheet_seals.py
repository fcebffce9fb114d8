"""Seals on what leaves with a form and comes back with it: a hidden cell that was changed is found out."""

from typing import NamedTuple

from itsdangerous import BadSignature, Signer, URLSafeSerializer

from tracker.rules.refusals import Invalid
from tracker.web.access import settings, visitor

_CELLS, _UPLOADS = "report-sheet-cells", "report-sheet-uploads"


class Upload(NamedTuple):
    """A file that waits to be confirmed by the person who uploaded it."""

    person_id: int
    name: str
    sha256: str


def seal(text: str) -> str:
    return _signer().sign(text).decode()


def unsealed(text: str) -> str | None:
    """What was sealed; None where it was changed, or never was ours."""
    try:
        return _signer().unsign(text).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def _signer() -> Signer:
    return Signer(settings().secret_key, salt=_CELLS, sep=":")


def token_of(upload: Upload) -> str:
    return str(_serializer().dumps(list(upload)))


def upload_of(token: str) -> Upload:
    """Raise Invalid for a token that is not the visitor's."""
    try:
        upload = Upload(*_serializer().loads(token))
    except BadSignature:
        raise Invalid("没有找到上传的填报表，请重新上传。") from None
    if upload.person_id != visitor().person_id:
        raise Invalid("没有找到上传的填报表，请重新上传。")
    return upload


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=_UPLOADS)
