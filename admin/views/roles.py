"""What each role may do: data that the owner changes."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs, staff
from admin.forms.staff import RoleForm
from domain.shared.errors import ChangedMeanwhile, DomainError
from domain.users import commands, queries
from domain.users.errors import BadRoleName, NoSuchRole, TakenRole
from domain.users.queries import RoleView
from domain.users.roles import OWNER, PERMISSIONS
from web.db import session, transaction
from web.errors import status_of
from web.forms import to_choose

bp = Blueprint("roles", __name__, url_prefix="/staff/roles")


@bp.get("")
@needs("staff:read")
def index():
    """List the roles and what each may do."""
    return render_template("admin/roles/index.html", roles=queries.roles(session()), permissions=PERMISSIONS)


@bp.get("/new")
@needs("roles:write")
def new():
    """Ask what a new role may do."""
    return _page(None, RoleForm(data={"permissions": []}), 200)


@bp.post("")
@needs("roles:write")
def create():
    """Make a role."""
    form = _form()
    fine = form.validate()
    if not form.name.data:
        form.refuse("name", "Say what the role is called.")
    if not fine or not form.name.data:
        return _page(None, form, 422)
    try:
        with transaction() as tx:
            commands.create_role(
                tx,
                name=form.name.data,
                description=form.description.data,
                permissions=form.permissions.data,
                giver=staff().permissions,
            )
    except DomainError as refusal:
        form.refuse("name" if isinstance(refusal, BadRoleName | TakenRole) else "", str(refusal))
        return _page(None, form, status_of(refusal))
    flash(f"The role “{form.name.data}” is made.")
    return redirect(url_for(".index"), 303)


@bp.get("/<name>")
@needs("roles:write")
def show(name: str):
    """Show a role with a form to change it."""
    role = _role(name)
    return _page(role, RoleForm(data=_answers(role)), 200)


@bp.post("/<name>")
@needs("roles:write")
def change(name: str):
    """Change what a role may do."""
    role, form = _role(name), _form()
    if not form.validate():
        return _page(role, form, 422)
    try:
        with transaction() as tx:
            commands.change_role(
                tx,
                name=name,
                description=form.description.data,
                permissions=form.permissions.data,
                giver=staff().permissions,
                seen=form.version.data or "",
            )
    except ChangedMeanwhile as refusal:
        role = _role(name)
        form.overtaken(refusal, _answers(role))
        return _page(role, form, form.status)
    except DomainError as refusal:
        form.refuse("", str(refusal))
        return _page(role, form, status_of(refusal))
    flash(f"The role “{name}” is saved; it holds from everybody's next click on.")
    return redirect(url_for(".index"), 303)


def _form() -> RoleForm:
    form = RoleForm(request.form)
    form.permissions.choices = to_choose(PERMISSIONS.items())
    return form


def _answers(role: RoleView) -> dict[str, Any]:
    return {"description": role.description, "permissions": sorted(role.permissions), "version": role.version}


def _role(name: str) -> RoleView:
    try:
        return queries.one_role(session(), name)
    except NoSuchRole:
        abort(404)


def _page(role: RoleView | None, form: RoleForm, status: int) -> Response:
    resources: dict[str, list[tuple[str, str]]] = {}
    for name, words in PERMISSIONS.items():
        resources.setdefault(name.partition(":")[0], []).append((name, words))
    fixed = role is not None and role.name == OWNER
    return make_response(
        render_template("admin/roles/show.html", role=role, form=form, resources=resources, fixed=fixed), status
    )
