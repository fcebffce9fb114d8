"""What a page says, for tests: its errors, its message, and how much it asked of the database."""

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests import reporting


def text_of(page: str) -> str:
    """All that is to be read, in one line."""
    return " ".join(html.fromstring(page).text_content().split())


def errors_of(answer) -> list[str]:
    """What stands beside the fields of a form that was refused; the list on top leads to each."""
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//*[@class='error-summary']//a")
    return [each.text for each in page.xpath("//form//*[@class='field-error']")]


def message_on(client: FlaskClient, address: str) -> str:
    return html.fromstring(client.get(address).text).xpath("string(//*[@role='status'])")


def queries(app: Flask, client: FlaskClient, address: str) -> int:
    with app.app_context(), reporting.queries() as asked:
        assert client.get(address).status_code == 200
    return len(asked)
