"""Sending mail by Amazon SES, and reading what it reports of mail that came back."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from botocore.exceptions import ClientError

from domain.notifications.adapters.aws import client
from domain.notifications.adapters.mail import RecipientRefusedError, as_mail
from domain.notifications.adapters.templates import Letter
from domain.shared.settings import Settings

FOR_GOOD = frozenset({"MessageRejected", "BadRequestException", "InvalidParameterValue"})
"""What SES answers where the same mail will never be taken; all else is worth another try."""


def send(letter: Letter, *, to: str, message_id: UUID, settings: Settings) -> str:
    """Send a letter and return the id SES gives it; raises RecipientRefusedError, or BotoCoreError and ClientError."""
    mail = as_mail(letter, to=to, message_id=message_id, settings=settings)
    request: dict[str, Any] = {
        "FromEmailAddress": str(mail["From"]),
        "Destination": {"ToAddresses": [to]},
        "Content": {"Raw": {"Data": mail.as_bytes()}},
        "EmailTags": [{"Name": "message", "Value": str(message_id)}],
    }
    if settings.ses_configuration_set:
        request["ConfigurationSetName"] = settings.ses_configuration_set
    try:
        return str(client("sesv2", settings).send_email(**request)["MessageId"])
    except ClientError as error:
        if error.response["Error"]["Code"] in FOR_GOOD:
            raise RecipientRefusedError(str(error)) from error
        raise


def read_feedback(settings: Settings, act: Callable[[dict[str, Any]], int]) -> int:
    """Have every waiting report of SES be acted on, and take it from the queue only then; return how many there were.

    SES publishes to EventBridge, as infra/notify.tf has it, or to an SNS topic, and they to this queue, which only they
    and the shop may touch: there is no public address to guard, and no certificate to check.
    """
    queue = client("sqs", settings)
    read = 0
    while found := queue.receive_message(
        QueueUrl=settings.ses_feedback_queue, MaxNumberOfMessages=10, WaitTimeSeconds=0
    ).get("Messages"):
        for message in found:
            act(report_in(message["Body"]))
            queue.delete_message(QueueUrl=settings.ses_feedback_queue, ReceiptHandle=message["ReceiptHandle"])
            read += 1
    return read


def report_in(body: str) -> dict[str, Any]:
    """Return the report of SES in a message, in an envelope of EventBridge or SNS or in none; what is none is empty."""
    try:
        outer = json.loads(body)
        report = json.loads(outer["Message"]) if "Message" in outer else outer.get("detail", outer)
    except (ValueError, TypeError, AttributeError):
        return {}
    return report if isinstance(report, dict) else {}
