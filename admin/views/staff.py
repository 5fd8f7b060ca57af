"""Who works here: their roles, their sign-ins, and the end of both."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from admin.access import needs, staff
from admin.forms.staff import RoleChoiceForm
from domain.shared.db import utcnow
from domain.shared.errors import ChangedMeanwhile, DomainError, NotFound
from domain.users import commands, queries
from domain.users.queries import StaffPerson
from web.db import session, transaction
from web.errors import status_of
from web.settings import shop_settings

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("")
@needs("staff:read")
def index():
    """List everybody, and who was invited."""
    return render_template(
        "admin/staff/index.html",
        people=queries.staff_list(session()),
        invitations=queries.open_invitations(session(), now=utcnow()),
    )


@bp.get("/<uuid:staff_id>")
@needs("staff:read")
def show(staff_id: UUID):
    """Show somebody with their role and their sign-ins."""
    return _page(_person(staff_id))


@bp.post("/<uuid:staff_id>/role")
@needs("staff:write")
def give_role(staff_id: UUID):
    """Give somebody another role."""
    person = _person(staff_id)
    form = RoleChoiceForm(request.form)
    form.role.choices = _choices()
    if not form.validate():
        form.role.errors = ["Choose a role from the list."]
        return _page(person, form, 422)
    try:
        return _carry_out(
            person,
            lambda tx: commands.set_role(
                tx,
                email=person.row.email,
                role=form.role.data,
                giver=staff().permissions,
                seen=form.version.data or "",
            ),
            f"{person.row.name} is now {form.role.data}.",
        )
    except ChangedMeanwhile as refusal:
        person = _person(staff_id)
        form.overtaken(refusal, person)
        return _page(person, form, form.status)


@bp.post("/<uuid:staff_id>/block")
@needs("staff:write")
def block(staff_id: UUID):
    """Let somebody no longer in."""
    person = _person(staff_id)
    return _carry_out(
        person,
        lambda tx: commands.block_staff(tx, email=person.row.email, giver=staff().permissions),
        f"{person.row.name} can no longer sign in.",
    )


@bp.post("/<uuid:staff_id>/unblock")
@needs("staff:write")
def unblock(staff_id: UUID):
    """Let somebody in again."""
    person = _person(staff_id)
    return _carry_out(
        person,
        lambda tx: commands.unblock_staff(tx, email=person.row.email, giver=staff().permissions),
        f"{person.row.name} can sign in again.",
    )


@bp.post("/<uuid:staff_id>/sign-out")
@needs("staff:write")
def sign_out(staff_id: UUID):
    """End every sign-in of somebody."""
    person = _person(staff_id)
    return _carry_out(
        person,
        lambda tx: commands.sign_out_everywhere(tx, staff_id=staff_id, giver=staff().permissions),
        f"{person.row.name} is signed out everywhere.",
    )


@bp.post("/<uuid:staff_id>/second-factor/reset")
@needs("staff:write")
def reset(staff_id: UUID):
    """Forget somebody's second factor, because their phone is lost."""
    person = _person(staff_id)
    return _carry_out(
        person,
        lambda tx: commands.reset_second_factor(tx, staff_id=staff_id, giver=staff().permissions),
        f"{person.row.name} sets up a new second factor at the next sign-in.",
    )


def _carry_out(person: StaffPerson, action: Callable[[Session], None], done: str):
    try:
        with transaction() as tx:
            action(tx)
    except (NotFound, ChangedMeanwhile):
        raise
    except DomainError as refusal:
        return _page(_person(person.row.id), refusal=refusal, status=status_of(refusal))
    flash(done)
    return redirect(url_for("staff.show", staff_id=person.row.id), 303)


def _page(
    person: StaffPerson, form: RoleChoiceForm | None = None, status: int = 200, refusal: DomainError | None = None
) -> Response:
    form = form or RoleChoiceForm(data={"role": person.role, "version": person.version})
    form.role.choices = _choices()
    if refusal:
        form.refuse("", str(refusal))
    return make_response(render_template("admin/staff/show.html", person=person, form=form), status)


def _choices() -> list[SelectChoice]:
    return [SelectChoice(role.name) for role in queries.roles_to_give(session(), staff().permissions)]


def _person(staff_id: UUID) -> StaffPerson:
    since = utcnow() - timedelta(hours=shop_settings().staff_session_hours)
    return queries.staff_person(session(), staff_id, since=since)
