"""E-mail addresses in the one form that the shop stores and compares."""

from email_validator import EmailNotValidError, validate_email

from domain.users.errors import BadEmail


def normal_email(text: str) -> str:
    """Return an address in lower case and normal Unicode form; raises BadEmail if it is none.

    No name server is asked: a slow one must not hold up a page. Addresses under `.test` pass, because they are
    reserved for demonstrations and can never be delivered.
    """
    try:
        address = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise BadEmail from None
    normal = address.normalized.lower()
    if len(normal) > 254:
        raise BadEmail
    return normal
