"""The answers of the sign-in page."""

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from web.forms import ShopForm, clean


class SignInForm(ShopForm):
    """An address and a password."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address.")], filters=[clean])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
