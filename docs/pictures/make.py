"""Takes the pictures of the README from a demonstration that runs: `python docs/pictures/make.py http://127.0.0.1:8000`.

With Debian's chromium-l10n the browser's own fields speak Chinese, too.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
SEED = next((HERE.parents[1] / "seed_plans").glob("001*"))
PASSWORD = "Shili-2026"  # noqa: S105
ARGUMENTS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync --lang=zh-CN"

# Picture, who signs in, the page.
PICTURES = (
    ("dashboard", "daying-leader", "/dashboard?quarter=2023Q3&as_of=2023-10-12"),
    ("items", "daying-clerk", "/items/?quarter=2023Q3&as_of=2023-10-12"),
    ("inspection", "daying-clerk", "/inspection-sheets/?quarter=2023Q3&as_of=2023-10-12"),
    ("reports", "linshui-unit1", "/reports/"),
)


def main(base_url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS.split(), env=os.environ | {"LANGUAGE": "zh_CN"}
        )
        for name, login, address in PICTURES:
            page = _signed_in(browser, base_url, login)
            page.goto(base_url + address)
            _take(page, name)
        _draft(browser, base_url)


def _draft(browser: Browser, base_url: str) -> None:
    page = _signed_in(browser, base_url, "linshui-clerk")
    page.goto(f"{base_url}/imports/")
    page.get_by_label("计划文件").set_input_files(SEED)
    page.get_by_role("button", name="读取计划").click()
    page.wait_for_url("**/imports/*")
    _take(page, "draft")


def _signed_in(browser: Browser, base_url: str, login: str) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    page.goto(f"{base_url}/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(2500)  # charts are drawn, notes have gone
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
