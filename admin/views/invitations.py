"""Inviting somebody to the staff, and accepting it by the link in the mail."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from admin import audit, pending
from admin.access import EVERYBODY, admit, needs, staff
from admin.forms.staff import InviteForm, JoinForm
from admin.views.sign_in import asks_for_code, begin
from domain.shared.db import utcnow
from domain.shared.errors import DomainError
from domain.users import commands, queries
from domain.users.commands.invitations import VALID
from domain.users.errors import BadEmail, EmailTaken, NoSuchInvitation, WeakPassword
from domain.users.links import INVITATION, read
from domain.users.queries import InvitationRow
from web.db import session, transaction
from web.errors import status_of
from web.headers import keep_address_private
from web.settings import shop_settings

bp = Blueprint("invitations", __name__)


@bp.get("/staff/invitations/new")
@needs("staff:write")
def new():
    """Ask whom to invite."""
    return _page(InviteForm(), 200)


@bp.post("/staff/invitations")
@needs("staff:write")
def create():
    """Invite somebody by mail."""
    form = InviteForm(request.form)
    form.role.choices = _choices()
    if not form.validate():
        if form.role.errors:
            form.role.errors = ["Choose a role from the list."]
        return _page(form, 422)
    try:
        with transaction() as tx:
            commands.invite_staff(
                tx,
                email=form.email.data,
                name=form.name.data,
                role=form.role.data,
                invited_by=staff().id,
                giver=staff().permissions,
            )
    except DomainError as refusal:
        form.refuse("email" if isinstance(refusal, BadEmail | EmailTaken) else "", str(refusal))
        return _page(form, status_of(refusal))
    flash(f"{form.email.data} gets a mail with a link that works once, for {VALID.days} days.")
    return redirect(url_for("staff.index"), 303)


@bp.post("/staff/invitations/<uuid:invitation_id>/removal")
@needs("staff:write")
def withdraw(invitation_id: UUID):
    """Take an invitation back."""
    with transaction() as tx:
        commands.withdraw_invitation(tx, invitation_id=invitation_id)
    flash("The invitation is withdrawn; its link no longer works.")
    return redirect(url_for("staff.index"), 303)


@bp.get("/invitation")
@needs(EVERYBODY)
def show():
    """Greet somebody who was invited."""
    found = _invitation()
    return _join_page(found, JoinForm(data={"name": found.name}), 200)


@bp.post("/invitation")
@needs(EVERYBODY)
def accept():
    """Join the staff."""
    found, form = _invitation(), JoinForm(request.form)
    if not form.validate():
        return _join_page(found, form, 422)
    held = None
    try:
        with transaction() as tx:
            staff_id = commands.accept_invitation(
                tx, invitation_id=found.id, name=form.name.data, password=form.password.data, now=utcnow()
            )
            joined = queries.staff_by_id(tx, staff_id)
            audit.note(tx, joined)
            if not asks_for_code(joined):
                held = begin(tx, joined)
    except WeakPassword as refusal:
        form.refuse("password", str(refusal))
        return _join_page(found, form, 422)
    if held is None:
        pending.hold(joined)
        return redirect(url_for("second_factor.set_up"), 303)
    admit(held)
    return redirect(url_for("dashboard.show"), 303)


def _invitation() -> InvitationRow:
    keep_address_private()
    secret = shop_settings().secret_key.get_secret_value()
    subject = read(
        secret, request.args.get("token", ""), purpose=INVITATION, max_age=int(VALID.total_seconds()) + 86400
    )
    if subject is None:
        raise NoSuchInvitation
    return queries.invitation_to_accept(session(), UUID(subject), now=utcnow())


def _choices() -> list[SelectChoice]:
    return [
        SelectChoice(role.name, f"{role.name}: {role.description}")
        for role in queries.roles_to_give(session(), staff().permissions)
    ]


def _page(form: InviteForm, status: int) -> Response:
    form.role.choices = _choices()
    return make_response(render_template("admin/invitations/new.html", form=form), status)


def _join_page(found: InvitationRow, form: JoinForm, status: int) -> Response:
    token = request.args.get("token", "")
    return make_response(
        render_template("admin/invitations/join.html", invitation=found, form=form, token=token), status
    )
