"""The floor that every figure is set beside: a Flask app that says hello, under the same server."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "Hello"
