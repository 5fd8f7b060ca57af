"""`python -m cli.sandbox`: run the demo gateway, its sender of webhooks, the mail server and the mailbox."""

import contextlib
import errno
import logging
import signal
import sys
import threading
from types import FrameType

from aiosmtpd.controller import Controller
from werkzeug.serving import WSGIRequestHandler, make_server

from cli.sandbox import mails, payments, webhooks
from cli.sandbox.app import create_app
from cli.sandbox.store import Store
from domain.shared.settings import Settings

SENDERS = 2
log = logging.getLogger("sandbox")


class QuietHandler(WSGIRequestHandler):
    """Answers without a log line for each request, and keeps connections open between them."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave it out."""


def main() -> int:
    """Run until a signal asks to stop."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    settings = Settings()  # type: ignore[call-arg]  # the environment gives them
    store = Store(settings.var / "sandbox.sqlite")
    stop = threading.Event()
    server = make_server(
        settings.host, settings.sandbox_port, create_app(settings, store), threaded=True, request_handler=QuietHandler
    )
    server.daemon_threads = True  # type: ignore[attr-defined]  # an idle connection holds nothing up

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    with contextlib.ExitStack() as stack:
        post = _mail_server(store, settings)
        if post is not None:
            stack.callback(post.stop, no_assert=True)
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
        serving.start()
        stack.callback(server.shutdown)
        threads = []
        if settings.demo_gateway_secret is not None:
            secret = settings.demo_gateway_secret.get_secret_value()
            threads = [threading.Thread(target=send, args=(store, secret, stop), daemon=True) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        log.info("The demo gateway and the mailbox answer at %s", settings.sandbox_url)
        while not stop.wait(1.0):
            pass
        for thread in threads:
            thread.join(timeout=webhooks.TIMEOUT)
    return 0


def _mail_server(store: Store, settings: Settings) -> Controller | None:
    """Start the mail server if the shop's mail is to come to this machine; elsewhere somebody else takes it."""
    host, port = settings.smtp_host or "127.0.0.1", settings.smtp_port
    try:
        return mails.serve(store, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            log.warning("Port %s is taken: mail goes to whoever holds it, and not to the mailbox", port)
        return None


def send(store: Store, secret: str, stop: threading.Event) -> None:
    """Settle slow payments and send messages as they fall due."""
    while not stop.is_set():
        try:
            payments.settle_due(store)
            busy = webhooks.deliver_next(store, secret)
        except Exception:
            log.exception("The sender failed and goes on in a moment")
            busy = False
        if not busy:
            stop.wait(0.15)


if __name__ == "__main__":
    sys.exit(main())
