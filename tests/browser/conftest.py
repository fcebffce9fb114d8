"""A real browser against the real application, served on a port of its own."""

import shutil
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import PASSWORD
from tests.web.conftest import busy_kept as busy_kept  # the leading group's pages need a plan with something in it
from tests.web.conftest import busy_plan as busy_plan

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

expect.set_options(timeout=15_000)  # a page is soon there, but not while everything else is tested beside it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of the office's usual size, with cookies of its own."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


@pytest.fixture
def base_url(app: Flask) -> Iterator[str]:
    """The application on a free port, with CSRF as in an office."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What the browser complained of: refused scripts and styles, errors, requests to other places."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: found.append(request.url) if "//127.0.0.1" not in request.url[:20] else None)
    return found


def sign_in(page: Page, base_url: str, login: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base_url}/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def grave(page: Page) -> list[tuple[str, str]]:
    """What axe finds serious or critical on the page, in light and, as far as contrast goes, in dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # colours must not be on their way
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    page.emulate_media(color_scheme="light")
    heavy = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [(rule["id"], node["html"][:160]) for rule in heavy for node in rule["nodes"]]
