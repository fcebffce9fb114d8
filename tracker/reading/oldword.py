"""Old Word and WPS documents (.doc, .wps, .rtf): LibreOffice, where it is installed, turns them into .docx first.

It runs with a profile of its own in a temporary folder, without macros and linked files; the shell that starts it
sets its limits.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.reading import archive
from tracker.rules.refusals import Invalid

SECONDS = 10  # two or three on a machine that is not busy
_LONGEST = 20_000_000

_RTF = b"{\\rtf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM = "WordDocument".encode("utf-16-le")

NOT_INSTALLED = "暂不能读取旧版 .doc 或 .wps 文档。请用 Word 或 WPS 打开，另存为 .docx 后再导入。"
FAILED = "这份旧版文档没能转换，可能已经损坏或设有密码。请用 Word 或 WPS 打开，另存为 .docx 后再导入。"
TOO_LONG = "转换这份旧版文档用时过长，已经停止。请用 Word 或 WPS 打开，另存为 .docx 后再导入。"

# Processor seconds, blocks of 512 bytes in a file, kilobytes of address space.
_LIMITED = 'ulimit -t 20 -f 200000 -v 4000000; exec "$@"'
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "2"},  # never
    # What asks for an address all the same is sent to a proxy that is not there.
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetNoProxy": "",
    },
}


def is_old(data: bytes) -> bool:
    """Whether this is a document that only LibreOffice can read for us."""
    return data.startswith(_RTF) or (data.startswith(_OLE) and _STREAM in data)


def converted(data: bytes) -> bytes:
    """The document as .docx; raise Invalid, with what to do, where that cannot be had."""
    if _is_locked(data):
        raise Invalid(archive.ENCRYPTED)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise Invalid(NOT_INSTALLED)
    with TemporaryDirectory(prefix="plan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / ("plan.rtf" if data.startswith(_RTF) else "plan.doc")
        source.write_bytes(data)
        _write_profile(folder / "profile" / "user")
        _convert(office, source)
        result = folder / "plan.docx"
        if not result.exists() or result.stat().st_size > _LONGEST:
            raise Invalid(FAILED)
        return result.read_bytes()


def _is_locked(data: bytes) -> bool:
    """Whether the first block that begins as the text of a Word document does has the mark of encryption."""
    heads = (place for place in range(512, len(data) - 12, 512) if data[place : place + 2] == b"\xec\xa5")
    return data.startswith(_OLE) and any(data[place + 11] & 1 for place in list(heads)[:1])


def _write_profile(user: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    user.mkdir(parents=True)
    namespace = 'xmlns:oor="http://openoffice.org/2001/registry"'
    (user / "registrymodifications.xcu").write_text(f"<oor:items {namespace}>{items}</oor:items>", "utf-8")


def _convert(office: str, source: Path) -> None:
    folder = source.parent
    command = [
        office,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
        *("--convert-to", "docx", "--outdir", str(folder), str(source)),
    ]
    process = subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", _LIMITED, "sh", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder)},
        cwd=folder,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as late:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise Invalid(TOO_LONG) from late
