"""Signing in and opening an account."""

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from web.forms import ShopForm, clean

MOST_PASSWORD = 200


class SignInForm(ShopForm):
    """Who signs in; `next` is the page of ours to go on to."""

    email = EmailField(
        "E-mail address",
        filters=[clean],
        validators=[DataRequired("Enter your e-mail address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        validators=[
            DataRequired("Enter your password."),
            Length(max=MOST_PASSWORD, message=f"Enter at most {MOST_PASSWORD} characters."),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField("Keep me signed in on this device")
    next = HiddenField()


class RegisterForm(ShopForm):
    """A new account."""

    name = StringField(
        "Name",
        filters=[clean],
        validators=[Length(max=200, message="Enter at most 200 characters.")],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        "E-mail address",
        filters=[clean],
        validators=[DataRequired("Enter your e-mail address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        "Password",
        description="At least 8 characters. A few words in a row are easy to remember.",
        validators=[
            DataRequired("Choose a password."),
            Length(max=MOST_PASSWORD, message=f"Enter at most {MOST_PASSWORD} characters."),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ForgottenForm(ShopForm):
    """Whose password is forgotten."""

    email = EmailField(
        "E-mail address",
        filters=[clean],
        validators=[DataRequired("Enter your e-mail address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "username"},
    )


class NewPasswordForm(ShopForm):
    """A password in the place of a forgotten one."""

    token = HiddenField()
    password = PasswordField(
        "New password",
        description="At least 8 characters. A few words in a row are easy to remember.",
        validators=[
            DataRequired("Choose a password."),
            Length(max=MOST_PASSWORD, message=f"Enter at most {MOST_PASSWORD} characters."),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ConfirmForm(ShopForm):
    """The password that was chosen when the account was asked for, where the browser is another one."""

    token = HiddenField()
    password = PasswordField(
        "Password",
        description="The one you chose when you asked for the account.",
        validators=[Length(max=MOST_PASSWORD, message=f"Enter at most {MOST_PASSWORD} characters.")],
        render_kw={"autocomplete": "current-password"},
    )
