"""Rosters, fast change of user, overrides, duties kept apart"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core import clock
from core.documents import digest_of
from core.ids import uuid7
from migrations.rebuild import drop_columns

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("centre", sa.Column("discount_limit_basis_points", sa.Integer()))
    op.add_column("centre", sa.Column("discount_limit_satang", big))
    op.add_column("centre", sa.Column("refund_limit_satang", big))
    op.add_column("user_session", sa.Column("pin_centre_id", big))
    _duties()
    _carry_waivers()
    drop_columns("consignment_policy", ("one_person", "one_person_reason"))
    _roster()
    _counter()


def _duties() -> None:
    op.create_table(
        "duty_waiver",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resolution", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_duty_waiver_with_reason")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_duty_waiver_days_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_duty_waiver_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_duty_waiver")),
    )
    op.create_table(
        "duty_waiver_end",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("waiver_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "waiver_id"],
            ["duty_waiver.centre_id", "duty_waiver.id"],
            name=op.f("fk_duty_waiver_end_centre_id_waiver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_duty_waiver_end_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "waiver_id", name=op.f("pk_duty_waiver_end")),
    )
    op.create_table(
        "duty_waiver_use",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("waiver_id", sa.Uuid(), nullable=False),
        sa.Column("pair", sa.String(length=30), nullable=False),
        sa.Column("document_type", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.Column("used_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "waiver_id"],
            ["duty_waiver.centre_id", "duty_waiver.id"],
            name=op.f("fk_duty_waiver_use_centre_id_waiver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_duty_waiver_use_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_duty_waiver_use")),
        sa.UniqueConstraint(
            "centre_id",
            "pair",
            "document_type",
            "document_id",
            "used_by",
            name=op.f("uq_duty_waiver_use_centre_id_pair_document_type_document_id_used_by"),
        ),
    )
    op.create_index(
        "ix_duty_waiver_use_waiver_id",
        "duty_waiver_use",
        ["centre_id", "waiver_id", "id"],
        unique=False,
    )


def _carry_waivers() -> None:
    """What a centre let one person do stays in force, as a waiver without a last day."""
    connection = op.get_bind()
    policies = connection.execute(
        sa.text("SELECT centre_id, one_person_reason FROM consignment_policy WHERE one_person")
    ).all()
    moment = clock.now()
    if connection.dialect.name == "sqlite":
        moment = moment.replace(tzinfo=None)
    for centre_id, reason in policies:
        content = {"pairs": ["settlement", "terms", "count"], "reason": reason or "-"}
        connection.execute(
            sa.insert(_WAIVER).values(
                centre_id=centre_id,
                id=uuid7(),
                resolution="",
                valid_from=clock.today(),
                recorded_at=moment,
                recorded_name="",
                digest=digest_of(content),
                content=content,
                **content,
            )
        )


_WAIVER = sa.table(
    "duty_waiver",
    sa.column("centre_id", sa.BigInteger()),
    sa.column("id", sa.Uuid()),
    sa.column("pairs", sa.JSON()),
    sa.column("reason", sa.Text()),
    sa.column("resolution", sa.Text()),
    sa.column("valid_from", sa.Date()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("recorded_name", sa.Text()),
    sa.column("digest", sa.Text()),
    sa.column("content", sa.JSON()),
)


def _roster() -> None:
    op.create_table(
        "work_time",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name=op.f("ck_work_time_within_a_day"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_work_time_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_work_time")),
    )
    op.create_table(
        "worker",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column(
            "hourly_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("hourly_satang >= 0", name=op.f("ck_worker_wage_natural")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_worker_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_worker_user_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_worker")),
        sa.UniqueConstraint("centre_id", "user_id", name=op.f("uq_worker_centre_id_user_id")),
    )
    op.create_table(
        "day_off",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('leave', 'unavailable', 'wish')", name=op.f("ck_day_off_kind_known")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_day_off_days_in_order")),
        sa.ForeignKeyConstraint(
            ["centre_id", "worker_id"],
            ["worker.centre_id", "worker.id"],
            name=op.f("fk_day_off_centre_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_day_off_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_day_off")),
    )
    op.create_index("ix_day_off_last_day", "day_off", ["centre_id", "last_day"], unique=False)
    op.create_table(
        "roster_week",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("no_cashier_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_roster_week_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "monday", name=op.f("pk_roster_week")),
    )
    op.create_table(
        "duty",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("work_time_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "task IN ('till', 'stock', 'production', 'cleaning')", name=op.f("ck_duty_task_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "monday"],
            ["roster_week.centre_id", "roster_week.monday"],
            name=op.f("fk_duty_centre_id_monday"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "work_time_id"],
            ["work_time.centre_id", "work_time.id"],
            name=op.f("fk_duty_centre_id_work_time_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "worker_id"],
            ["worker.centre_id", "worker.id"],
            name=op.f("fk_duty_centre_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_duty_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_duty")),
        sa.UniqueConstraint(
            "centre_id",
            "worker_id",
            "on_date",
            "work_time_id",
            name=op.f("uq_duty_centre_id_worker_id_on_date_work_time_id"),
        ),
    )
    op.create_index("ix_duty_on_date", "duty", ["centre_id", "on_date"], unique=False)


def _counter() -> None:
    op.create_table(
        "staff_pin",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_staff_pin_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_staff_pin_user_id")),
        sa.PrimaryKeyConstraint("centre_id", "user_id", name=op.f("pk_staff_pin")),
    )
    op.create_table(
        "till_device",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id", "till_id"],
            ["till.centre_id", "till.id"],
            name=op.f("fk_till_device_centre_id_till_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_till_device_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_till_device")),
        sa.UniqueConstraint(
            "centre_id", "token_hash", name=op.f("uq_till_device_centre_id_token_hash")
        ),
    )
    op.create_table(
        "pin_try",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id", "device_id"],
            ["till_device.centre_id", "till_device.id"],
            name=op.f("fk_pin_try_centre_id_device_id"),
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_pin_try_centre_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_pin_try_user_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_pin_try")),
    )
    op.create_index(
        "ix_pin_try_person", "pin_try", ["centre_id", "device_id", "user_id", "id"], unique=False
    )
    op.create_table(
        "manager_override",
        sa.Column(
            "centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "asked_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "limit_satang", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_name", sa.String(length=120), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_name", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('discount-above-limit', 'refund-above-limit', 'credit-over-limit')",
            name=op.f("ck_manager_override_kind_known"),
        ),
        sa.CheckConstraint("asked_satang >= 0", name=op.f("ck_manager_override_asked_natural")),
        sa.CheckConstraint("expires_at > at", name=op.f("ck_manager_override_expires_later")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_manager_override_with_reason")),
        sa.ForeignKeyConstraint(
            ["centre_id", "till_id"],
            ["till.centre_id", "till.id"],
            name=op.f("fk_manager_override_centre_id_till_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_manager_override_centre_id")
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_manager_override")),
    )
    op.create_index(
        "ix_manager_override_at", "manager_override", ["centre_id", "at", "id"], unique=False
    )
    op.create_index(
        "ix_manager_override_document",
        "manager_override",
        ["centre_id", "document_id", "kind"],
        unique=False,
    )
