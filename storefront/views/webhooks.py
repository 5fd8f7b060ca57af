"""News from the gateways; each proves itself by its signature."""

from datetime import UTC, datetime

import structlog
from flask import Blueprint, Response, jsonify, request

from domain.orders.commands import receive_webhook
from domain.payments.gateways.port import BadSignature, GatewayTimeout, GatewayUnavailable
from storefront.payment import gateways
from web.csrf import csrf_exempt
from web.db import sessions
from web.errors import problem

bp = Blueprint("webhooks", __name__)

log = structlog.get_logger("storefront")


@bp.post("/webhooks/<gateway>")
@csrf_exempt
def receive(gateway: str) -> Response:
    """Take a message, once however often it comes; what cannot be dealt with now is asked for again by a 503."""
    try:
        news = receive_webhook(
            sessions(),
            gateways(),
            gateway=gateway,
            headers=request.headers,
            body=request.get_data(),
            now=datetime.now(UTC),
        )
    except BadSignature as refusal:
        log.warning("webhook refused", gateway=gateway)
        return problem(400, title="Not signed", message=str(refusal))
    except (GatewayUnavailable, GatewayTimeout) as failure:
        response = problem(503, message=str(failure))
        response.headers["Retry-After"] = "10"
        return response
    return jsonify(received=True, news=news)
