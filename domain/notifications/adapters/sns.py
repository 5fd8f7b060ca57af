"""Sending text messages by Amazon SNS."""

from botocore.exceptions import ClientError

from domain.notifications.adapters.aws import client
from domain.notifications.adapters.mail import RecipientRefusedError
from domain.shared.settings import Settings

FOR_GOOD = frozenset({"InvalidParameter", "InvalidParameterValue", "OptedOut"})
"""What SNS answers where this number will never be reached; all else is worth another try."""


def send(words: str, *, to: str, settings: Settings) -> str:
    """Send a text message and return the id SNS gives it; raises RecipientRefusedError, or a boto error."""
    attributes = {"AWS.SNS.SMS.SMSType": "Transactional"}
    if settings.sms_sender:
        attributes["AWS.SNS.SMS.SenderID"] = settings.sms_sender
    try:
        answer = client("sns", settings).publish(
            PhoneNumber=to,
            Message=words,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in FOR_GOOD:
            raise RecipientRefusedError(str(error)) from error
        raise
    return str(answer["MessageId"])
