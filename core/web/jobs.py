"""Asking for reports and following jobs: the API and the pages.

What must stay true: this floor knows no report and no right; pos/app.py hands both in as a `Desk`.
A task is asked for on a page of its own; here it is only followed, by those its own right lets.
The page works without scripts (it reloads itself); the script only makes it smoother.

    jobs_web.register(app, api, Desk(kinds=…, request=…, choices=…, require=access.require))
"""

# mypy: disable-error-code="untyped-decorator"
# flask-smorest's decorators carry no types.

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Blueprint as Pages
from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper

from core import job_files, jobs
from core.actor import Actor
from core.db import in_transaction
from core.errors import N_, NotFound
from core.jobs import JobCard
from core.paging import Page, Window
from core.reports import ReportChoice, ReportKind, RequestReport, TaskKind
from core.sought import NOTHING, Sought
from core.web import show
from core.web.api import CENTRE_URL, Api, Blueprint, WindowSchema
from core.web.auth import current_actor, may
from core.web.forms import read_form
from core.web.lists import listed, sought, window
from core.web.menu import MenuItem
from core.web.schemas import DateField, MomentField, OneOf, Schema, TextField, UuidField
from core.web.words import translated

EXTENSION = "sunruam_report_desk"
FIELDS = {"uuid": UuidField, "date": DateField}
POLL_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """What the trade hands in: its reports, how to ask for one, what can be picked, who may look.

    `request` runs in a transaction and returns the job's id; `choices(name, locale, actor)` are
    ready-made params; `require(actor, permission)` refuses.
    """

    kinds: Mapping[str, ReportKind]
    request: Callable[[RequestReport, Actor], UUID]
    choices: Callable[[str, str, Actor], list[ReportChoice]]
    require: Callable[[Actor, str], None]
    tasks: Mapping[str, TaskKind] = field(default_factory=dict)


def register(app: Flask, api: Api, desk: Desk) -> None:
    """Put the jobs' API and pages into `app`."""
    app.extensions[EXTENSION] = desk
    api.register_blueprint(blueprint)
    app.register_blueprint(pages)


def _desk() -> Desk:
    desk: Desk = current_app.extensions[EXTENSION]
    return desk


def _title(job: JobCard) -> str:
    kind = _desk().kinds.get(job.name) or _desk().tasks.get(job.name)
    return translated(kind.title) if kind else job.name


def _find(centre_id: int, job_id: UUID) -> JobCard:
    _desk().require(current_actor(centre_id), "report.read")
    job = jobs.get(centre_id, job_id)
    if job is None:
        raise NotFound(what="job")
    task = _desk().tasks.get(job.name)
    if task is not None:
        _desk().require(current_actor(centre_id), task.permission)
    return job


def _listing(centre_id: int, part: Window, wanted: Sought = NOTHING) -> Page[JobCard]:
    """Return the jobs a reader may look at."""
    hidden = [task.name for task in _desk().tasks.values() if not may(task.permission)]
    return jobs.listing(centre_id, part, hidden, wanted)


def _reason(job: JobCard) -> tuple[str, str]:
    """Return why a job failed, and what to do about it, in the reader's language."""
    if not job.error:
        return "", ""
    why = jobs.reason_of(job.error)
    facts = why.facts or None
    return translated(why.title, facts), translated(why.detail, facts) if why.detail else ""


# --- words in and out ------------------------------------------------------------------------


def _params_schema(kind: ReportKind) -> Schema:
    """Return the strict schema of one report's params."""
    fields = {one.name: FIELDS[one.kind](required=True) for one in kind.parameters}
    schema: Schema = Schema.from_dict(fields)()  # type: ignore[assignment]
    return schema


class JobIn(Schema):
    """Ask for a report: its name, and what it must be told."""

    name = TextField(60, required=True)
    params = ma.fields.Dict(
        keys=ma.fields.String(), load_default=dict, metadata={"description": "See the report"}
    )

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RequestReport:
        kinds = _desk().kinds
        try:
            name = OneOf(kinds).deserialize(data["name"])
        except ma.ValidationError as error:
            raise ma.ValidationError({"name": error.messages}) from None
        try:
            params = _params_schema(kinds[name]).load(data["params"])
        except ma.ValidationError as error:
            raise ma.ValidationError({"params": error.messages}) from None
        return RequestReport(name, params, show.language())


class JobOut(Schema):
    """A job: where it stands, and where its file is."""

    id = UuidField()
    name = ma.fields.String()
    title = ma.fields.Function(_title, metadata={"type": "string"})
    params = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())
    state = ma.fields.String(metadata={"enum": ["queued", "running", "done", "failed"]})
    progress_done = ma.fields.Integer()
    progress_total = ma.fields.Integer()
    attempts = ma.fields.Integer()
    requested_at = MomentField()
    started_at = MomentField(allow_none=True)
    finished_at = MomentField(allow_none=True)
    error = ma.fields.Function(
        lambda job: " ".join(filter(None, _reason(job))) or None,
        metadata={"type": ["string", "null"]},
    )
    file_name = ma.fields.String(allow_none=True)
    file_url = ma.fields.Function(
        lambda job: _file_url(job) if job.state == "done" else None,
        metadata={"type": ["string", "null"]},
    )


class JobsOut(Schema):
    """A page of jobs, newest first."""

    jobs = ma.fields.List(ma.fields.Nested(JobOut), attribute="items")
    next = ma.fields.String(allow_none=True)


def _file_url(job: JobCard) -> str:
    return url_for("jobs_api.get_file", centre_id=job.centre_id, job_id=job.id)


# --- the API ---------------------------------------------------------------------------------

blueprint = Blueprint(
    "jobs_api", __name__, url_prefix=CENTRE_URL, description="Reports made by the worker"
)


@blueprint.post("/jobs")
@blueprint.arguments(JobIn)
@blueprint.response(202, JobOut)
def post_job(command: RequestReport, centre_id: int) -> tuple[JobCard, dict[str, str]]:
    """Ask for a report; it is made soon after. Location says where to follow it."""
    actor = current_actor(centre_id)
    job = jobs.get(centre_id, in_transaction(_desk().request, command, actor))
    assert job is not None
    where = url_for("jobs_api.get_job", centre_id=centre_id, job_id=job.id)
    return job, {"Location": where, "Retry-After": str(POLL_SECONDS)}


@blueprint.get("/jobs")
@blueprint.arguments(WindowSchema, location="query")
@blueprint.response(200, JobsOut)
def get_jobs(window: Any, centre_id: int) -> Any:
    """Return the centre's jobs, newest first."""
    _desk().require(current_actor(centre_id), "report.read")
    return _listing(centre_id, window)


@blueprint.get("/jobs/<uuid:job_id>")
@blueprint.response(200, JobOut)
def get_job(centre_id: int, job_id: UUID) -> JobCard:
    """Return where a job stands."""
    return _find(centre_id, job_id)


@blueprint.get("/jobs/<uuid:job_id>/file")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_file(centre_id: int, job_id: UUID) -> Response:
    """Return what a finished job made."""
    _find(centre_id, job_id)
    made = job_files.opened(centre_id, job_id)
    if made is None:
        raise NotFound(what="file")
    # The wrapper closes the file when all of it is sent, or nobody listens any more.
    answer = Response(FileWrapper(made.stream), content_type=made.type, direct_passthrough=True)
    answer.content_length = made.size
    answer.headers.set("Content-Disposition", "attachment", filename=made.name)
    return answer


# --- the pages -------------------------------------------------------------------------------

pages = Pages("jobs", __name__, url_prefix="/c/<int:centre_id>")

MENU = (
    MenuItem(
        "report.read",
        "jobs.index",
        N_("Reports"),
        N_("Ask for a report, and find those already made"),
        icon="print",
        order=70,
    ),
)


@pages.get("/jobs")
def index(centre_id: int) -> str:
    """Show what can be asked for and what was, newest first."""
    actor = current_actor(centre_id)
    desk = _desk()
    desk.require(actor, "report.read")
    page = _listing(centre_id, window(), sought())
    offers = []
    if may("report.request"):
        offers = [
            (kind, desk.choices(kind.name, show.language(), actor)) for kind in desk.kinds.values()
        ]
    return render_template(
        "jobs/index.html",
        **listed(page, "jobs.index", centre_id=centre_id),
        offers=offers,
        title_of=_title,
    )


@pages.post("/jobs")
def ask(centre_id: int) -> ResponseReturnValue:
    """Ask for a report (`name`, and its params as fields), then go to its page."""
    actor = current_actor(centre_id)
    kind = _desk().kinds.get(request.form.get("name", ""))
    if kind is None:
        raise NotFound(what="report")
    form = read_form(_params_schema(kind), keep=("name",))
    if not form.ok:
        raise ma.ValidationError(form.errors)
    command = RequestReport(kind.name, form.data, show.language())
    job_id = in_transaction(_desk().request, command, actor)
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


@pages.get("/jobs/<uuid:job_id>")
def job(centre_id: int, job_id: UUID) -> str:
    """Show one job: how far it is, its file, or why there is none."""
    found = _find(centre_id, job_id)
    kind = _desk().kinds.get(found.name)
    task = _desk().tasks.get(found.name)
    named = {one.name for one in kind.parameters} if kind else set()
    title, detail = _reason(found)
    return render_template(
        "jobs/show.html",
        job=found,
        title=_title(found),
        error=title,
        advice=detail,
        task=task,
        task_url=task.address_of(centre_id, found.params) if task else None,
        task_words=translated(task.address_words) if task else "",
        home_url=task.home.format(c=centre_id) if task else None,
        again={name: value for name, value in found.params.items() if name in named},
        poll_seconds=POLL_SECONDS,
        file_url=_file_url(found) if found.state == "done" else None,
        api_url=url_for("jobs_api.get_job", centre_id=centre_id, job_id=job_id),
    )
