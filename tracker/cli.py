"""Commands: `flask --app tracker …`."""

from flask import Flask


def assemble(app: Flask) -> None:
    """Put the commands into the application."""
