"""What the accounts refuse."""

from domain.shared.errors import Conflict, NotFound, RuleBroken


class BadEmail(RuleBroken):
    """The text is not an e-mail address."""

    def __init__(self) -> None:
        super().__init__("Enter an e-mail address in the form name@example.com.")


class WeakPassword(RuleBroken):
    """The password is too short, too long or one of the first an attacker tries."""


class WrongCredentials(RuleBroken):
    """The address is unknown or the password is wrong; both answer alike."""

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is not right. Check both and try again.")


class AccountBlocked(WrongCredentials):
    """The shop has closed the account; only who knows its password hears so."""

    def __init__(self) -> None:
        RuleBroken.__init__(
            self, "This account is closed at the moment. Please write to us if you think that is a mistake."
        )


class EmailTaken(Conflict):
    """Somebody has an account with this address."""

    def __init__(self) -> None:
        super().__init__("There is already an account with this e-mail address. Sign in instead.")


class NoSuchRole(RuleBroken):
    """No role has this name."""

    def __init__(self, role: str, known: list[str]) -> None:
        super().__init__(f"There is no role “{role}”. Choose one of: {', '.join(known)}.")


class NoSuchStaff(NotFound):
    """Nobody on the staff is meant by this."""

    def __init__(self) -> None:
        super().__init__("We cannot find this member of staff.")


class NoSuchShopper(NotFound):
    """No shopper is meant by this."""

    def __init__(self) -> None:
        super().__init__("We cannot find this account.")


class LastOwner(RuleBroken):
    """The shop would be left without anyone who may do everything."""

    def __init__(self) -> None:
        super().__init__("This is the only owner. Make somebody else an owner first.")


class AboveYou(RuleBroken):
    """Somebody would give, take or change what they may not do themselves."""

    def __init__(self) -> None:
        super().__init__("This role may do more than yours. Ask an owner of the shop to do it.")


class NoSuchInvitation(NotFound):
    """The invitation is unknown, used, withdrawn or too old; all four answer alike."""

    def __init__(self) -> None:
        super().__init__("This invitation can no longer be used. Ask for a new one.")


class WrongCode(RuleBroken):
    """The code of the second factor does not fit, or was used before."""

    def __init__(self) -> None:
        super().__init__("This code is not right. Enter the one that your app shows now, or a recovery code.")


class FixedRole(RuleBroken):
    """The owner's role cannot be changed, or nobody could change anything any more."""

    def __init__(self) -> None:
        super().__init__("The owner's role may always do everything.")


class UnknownPermission(RuleBroken):
    """A permission was named that does not exist."""

    def __init__(self) -> None:
        super().__init__("There is no such permission.")


class TakenRole(Conflict):
    """A role has this name already."""

    def __init__(self) -> None:
        super().__init__("There is a role with this name already.")


class BadRoleName(RuleBroken):
    """A role's name is a short word."""

    def __init__(self) -> None:
        super().__init__("Enter a name of 2 to 40 small letters, digits and hyphens, such as night-shift.")


class WrongPassword(RuleBroken):
    """The present password, asked for once more, is not right."""

    def __init__(self) -> None:
        super().__init__("This is not your password. Check it and try again.")


class LinkSpent(RuleBroken):
    """A link from a mail is not ours, too old, or was used."""

    def __init__(self) -> None:
        super().__init__("This link no longer works: it was used, or it is too old. Please ask for a new one.")


class BadToken(RuleBroken):
    """A token is not ours, too old, used before, or its sign-in has ended; all of these answer alike."""

    def __init__(self) -> None:
        super().__init__("This token is not good, or no longer. Sign in again.")


class NoSuchKey(NotFound):
    """There is no such API key."""

    def __init__(self) -> None:
        super().__init__("There is no such key.")


class TooManyAddresses(RuleBroken):
    """The address book is full."""

    def __init__(self, most: int) -> None:
        super().__init__(f"Your address book holds {most} addresses. Remove one first.")
