"""Signing in and opening an account."""

from wtforms import EmailField, HiddenField, PasswordField, StringField
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
        validators=[
            DataRequired("Choose a password."),
            Length(max=MOST_PASSWORD, message=f"Enter at most {MOST_PASSWORD} characters."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
