"""The answers about people, roles and second factors."""

from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from admin.forms.conflicts import VersionedForm
from web.forms import ShopForm, clean


class InviteForm(ShopForm):
    """Whom to invite, and as what."""

    email = EmailField("E-mail address", [DataRequired("Enter their e-mail address.")], filters=[clean])
    name = StringField(
        "Name", [DataRequired("Enter their name."), Length(max=200, message="At most 200 characters.")], filters=[clean]
    )
    role = SelectField("Role")


class RoleChoiceForm(VersionedForm):
    """Which role somebody has from now on."""

    role = SelectField("Role")


class RoleForm(VersionedForm):
    """What a role is called and what it may do."""

    name = StringField("Name", [Optional(), Length(max=40, message="At most 40 characters.")], filters=[clean])
    description = TextAreaField(
        "What it is for",
        [DataRequired("Say what the role is for."), Length(max=200, message="At most 200 characters.")],
        filters=[clean],
    )
    permissions = SelectMultipleField("Permissions")


class JoinForm(ShopForm):
    """What somebody who was invited tells us."""

    name = StringField(
        "Your name",
        [DataRequired("Enter your name."), Length(max=200, message="At most 200 characters.")],
        filters=[clean],
    )
    password = PasswordField("Password", [InputRequired("Choose a password.")])


class PasswordForm(ShopForm):
    """One's own password, as it was and as it will be."""

    present = PasswordField("Present password", [InputRequired("Enter your present password.")])
    password = PasswordField("New password", [InputRequired("Choose a new password.")])


class CodeForm(ShopForm):
    """A code of the second factor."""

    code = StringField(
        "Code", [DataRequired("Enter the code."), Length(max=40, message="This is too long for a code.")],
        filters=[clean],
    )  # fmt: skip
