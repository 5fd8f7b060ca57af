"""Mail by SES and text messages by SNS: what is sent, which id is kept, and what comes back as a bounce."""

import email
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from botocore.exceptions import EndpointConnectionError
from sqlalchemy.orm import Session

from domain.notifications.adapters import outgoing, ses
from domain.notifications.adapters.mail import as_mail
from domain.notifications.adapters.templates import render
from domain.notifications.models import Message
from domain.notifications.samples import LETTERS, TEXTS
from domain.notifications.suppression import lift, suppressed, take_feedback
from domain.shared.settings import Settings
from tests.domain.notifications.aws import service
from tests.factories.notifications import make_message

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def send(settings: Settings, *, channel: str, template: str, to: str, now: datetime = NOON) -> outgoing.Outcome:
    context = (TEXTS if channel == "sms" else LETTERS)[template]
    return outgoing.send(
        channel=channel, template=template, context=context, to=to, message_id=uuid4(), settings=settings, now=now
    )


def test_ses_takes_a_mail_and_gives_it_an_id(aws: Settings) -> None:
    service("sesv2", aws).create_email_identity(EmailIdentity="hello@cornershop.test")
    outcome = send(aws, channel="email", template="review_request", to="aoife@example.com")

    assert (outcome.state, outcome.subject, outcome.error) == ("sent", "How was your order CS-10234?", "")
    assert outcome.provider_id
    assert service("ses", aws).get_send_quota()["SentLast24Hours"] > 0


def test_a_mail_names_the_way_out_of_it_only_where_there_is_one(settings: Settings) -> None:
    message_id = UUID(int=7)
    mails = {}
    for template in ("review_request", "order_placed"):
        letter = render(template, LETTERS[template], settings, to="aoife@example.com")
        mail = as_mail(letter, to="aoife@example.com", message_id=message_id, settings=settings)
        mails[template] = email.message_from_bytes(mail.as_bytes())

    review = mails["review_request"]
    assert review["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = "".join(review["List-Unsubscribe"].split())
    assert link.startswith("<http://localhost/messages/unsubscribe?to=aoife%40example.com&topic=reviews&signed=")
    assert mails["order_placed"]["List-Unsubscribe"] is None
    assert {mail["Message-ID"] for mail in mails.values()} == {f"<{message_id}@localhost>"}


def test_what_ses_rejects_is_not_tried_again(aws: Settings) -> None:
    refused = send(aws, channel="email", template="order_placed", to="aoife@example.com")

    assert refused.state == "failed"
    assert "MessageRejected" in refused.error


def test_a_text_message_goes_to_its_number_and_keeps_its_id(aws: Settings) -> None:
    outcome = send(aws, channel="sms", template="order_shipped", to="+353851234567")

    assert (outcome.state, len(outcome.provider_id or "")) == ("sent", 36)
    assert outcome.subject.startswith("Cornershop: your order CS-10234 is on its way with An Post")


def test_text_messages_keep_quiet_at_night_but_for_a_code(aws: Settings) -> None:
    late = send(aws, channel="sms", template="order_shipped", to="+353851234567", now=NIGHT)
    code = send(aws, channel="sms", template="phone_code", to="+353851234567", now=NIGHT)

    assert (late.state, late.provider_id, late.until) == ("queued", None, datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    assert code.state == "sent"


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(20, 59, False), (21, 0, True), (7, 59, True), (8, 0, False), (12, 0, False)]
)
def test_quiet_hours_go_by_the_shops_clock(settings: Settings, hour: int, minute: int, quiet: bool) -> None:
    until = outgoing.quiet_until(datetime(2026, 11, 20, hour, minute, tzinfo=UTC), settings)

    assert (until is not None) == quiet
    assert until is None or until.hour == 8


def test_text_messages_are_off_until_they_are_switched_on(settings: Settings) -> None:
    outcome = send(settings, channel="sms", template="order_shipped", to="+353851234567")

    assert (outcome.state, outcome.error) == ("suppressed", "Text messages are off (SHOP_SMS_BY).")


def test_a_service_that_is_away_is_tried_again_later(aws: Settings) -> None:
    away = aws.model_copy(update={"aws_endpoint_url": "http://127.0.0.1:9"})

    for channel, to in (("sms", "+353851234567"), ("email", "aoife@example.com")):
        with pytest.raises(EndpointConnectionError):
            send(away, channel=channel, template="order_shipped", to=to)


# The shapes are those of Amazon's own documentation of event publishing and of notifications.
BOUNCE: dict[str, Any] = {
    "eventType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {"emailAddress": "Gone@example.com", "action": "failed", "status": "5.1.1",
             "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
        ],
        "timestamp": "2026-11-20T12:00:01.000Z",
        "feedbackId": "0100017c",
    },
    "mail": {"messageId": "ses-1", "destination": ["gone@example.com"]},
}  # fmt: skip
COMPLAINT: dict[str, Any] = {
    "notificationType": "Complaint",
    "complaint": {"complainedRecipients": [{"emailAddress": "cross@example.com"}], "complaintFeedbackType": "abuse"},
    "mail": {"messageId": "ses-2"},
}
SOFT = BOUNCE | {"bounce": BOUNCE["bounce"] | {"bounceType": "Transient"}}


def test_a_hard_bounce_and_a_complaint_put_addresses_on_the_list_once(session: Session) -> None:
    for report in (SOFT, {"eventType": "Delivery"}, {}):
        take_feedback(session, report)
    assert suppressed(session).rows == ()

    for report in (BOUNCE, BOUNCE, COMPLAINT):
        take_feedback(session, report)
    assert {(row.email, row.reason, row.detail) for row in suppressed(session).rows} == {
        ("gone@example.com", "bounce", "smtp; 550 5.1.1 user unknown"),
        ("cross@example.com", "complaint", "abuse"),
    }
    lift(session, email="gone@example.com", because="The mailbox has room again.")
    assert [row.email for row in suppressed(session).rows if row.lifted_at is None] == ["cross@example.com"]


def test_a_bounce_is_noted_on_the_message_it_is_about(session: Session) -> None:
    message = session.get_one(Message, make_message(session, recipient="gone@example.com"))
    message.state, message.provider_id = "sent", "ses-1"
    session.flush()
    take_feedback(session, BOUNCE)

    assert (message.state, message.error) == ("bounced", "Mail to this address came back for good.")


def test_reports_travel_by_sns_or_the_bus_and_sqs_and_leave_the_queue_when_they_were_acted_on(aws: Settings) -> None:
    sns, sqs = service("sns", aws), service("sqs", aws)
    queue = sqs.create_queue(QueueName="mail-feedback")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="mail-feedback")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    for report in (BOUNCE, COMPLAINT):
        sns.publish(TopicArn=topic, Message=json.dumps(report))
    by_bus = {"source": "aws.ses", "detail-type": "Email Bounced", "detail": SOFT}
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(by_bus))
    sqs.send_message(QueueUrl=queue, MessageBody="no report at all")
    settings = aws.model_copy(update={"ses_feedback_queue": queue})
    seen: list[dict[str, Any]] = []

    def act(report: dict[str, Any]) -> int:
        seen.append(report)
        return 0

    assert ses.read_feedback(settings, act) == 4
    assert sorted(seen, key=str) == sorted([BOUNCE, SOFT, COMPLAINT, {}], key=str)
    assert ses.read_feedback(settings, act) == 0
