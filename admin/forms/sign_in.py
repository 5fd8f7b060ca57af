"""The answers of the sign-in page."""

from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, InputRequired

from web.forms import ShopForm, clean


class SignInForm(ShopForm):
    """An address and a password."""

    email = EmailField("E-mail address", [DataRequired("Enter your e-mail address.")], filters=[clean])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
