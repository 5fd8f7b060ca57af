"""The worked example of the docs is run as it stands, against a running shop."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from werkzeug.serving import make_server

from tests.storefront.api.conftest import Phone
from tests.storefront.gateway import ScriptedGateway

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "api" / "checkout.py"


def test_a_phone_buys_something_in_forty_lines(phone: Phone, gateway: ScriptedGateway) -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line.strip() and not line.startswith('"""')]
    assert len(lines) <= 40
    server = make_server("127.0.0.1", 0, phone.client.application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with subprocess.Popen(  # noqa: S603 - our own example
            [sys.executable, EXAMPLE, f"http://127.0.0.1:{server.server_port}"], stdout=subprocess.PIPE, text=True
        ) as buyer:
            until = time.monotonic() + 30
            while not gateway.requests and buyer.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            gateway.state = "captured"
            body, headers = gateway.message()
            assert phone.client.post("/webhooks/demo", data=body, headers=headers).status_code == 200
            said = buyer.communicate(timeout=30)[0].splitlines()
    finally:
        server.shutdown()

    assert said[0] == f"Pay at http://pay.test/{gateway.requests[0].payment_id}"
    assert said[1].split()[1:] == ["paid", str(gateway.requests[0].amount), "EUR"]
