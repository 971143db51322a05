"""The catalogue: selling units, barcodes, price tiers, licences, categories, pictures

A product's barcode becomes a row of its own, each category in use gets a name and a place, and the
prices the trail remembers become the beginning of the price history.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from core.ids import uuid7
from core.text import thai_sort_key
from migrations.rebuild import drop_columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _make_tables()
    _keep_barcodes()
    _keep_categories()
    _keep_prices()


def _make_tables() -> None:
    for make in (_units, _barcodes, _tiers, _prefixes, _changes, _categories, _pictures, _licences):
        make()


def _table(name: str, *parts: Any, of: tuple[str, ...] = ()) -> None:
    """Make a table with what all of these have: the centre, the key, the product it is about."""
    own = [part for part in parts if isinstance(part, sa.Column)]
    keyed = any(isinstance(part, sa.PrimaryKeyConstraint) for part in parts)
    op.create_table(
        name,
        sa.Column("centre_id", BIG, nullable=False),
        *([sa.Column("product_id", sa.Uuid(), nullable=False)] if "product" in of else []),
        *own,
        *([sa.Column("version", sa.Integer(), nullable=False)] if "version" in of else []),
        *(part for part in parts if not isinstance(part, sa.Column)),
        *([] if keyed else [sa.PrimaryKeyConstraint("centre_id", "id", name=op.f(f"pk_{name}"))]),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f(f"fk_{name}_centre_id")),
        *([_refers(name, "product", "product_id")] if "product" in of else []),
        *([_refers(name, "product_unit", "product_id", "unit_id")] if "unit" in of else []),
    )


def _refers(name: str, table: str, *columns: str) -> sa.ForeignKeyConstraint:
    """A key to a product, or to a unit of the same product."""
    theirs = ["centre_id", *columns[:-1], "id"]
    return sa.ForeignKeyConstraint(
        ["centre_id", *columns],
        [f"{table}.{one}" for one in theirs],
        name=op.f(f"fk_{name}_centre_id_{'_'.join(columns)}"),
    )


def _units() -> None:
    _table(
        "product_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("factor_milli", BIG, nullable=False),
        sa.Column("price_satang", BIG, nullable=False),
        sa.Column("of_unit_id", sa.Uuid()),
        sa.Column("of_count_milli", BIG),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(of_unit_id IS NULL) = (of_count_milli IS NULL)",
            name=op.f("ck_product_unit_of_named_whole"),
        ),
        sa.CheckConstraint("factor_milli > 0", name=op.f("ck_product_unit_factor_positive")),
        sa.CheckConstraint("of_count_milli > 0", name=op.f("ck_product_unit_of_count_positive")),
        sa.CheckConstraint("of_unit_id <> id", name=op.f("ck_product_unit_of_another")),
        sa.CheckConstraint("price_satang >= 0", name=op.f("ck_product_unit_price_natural")),
        sa.ForeignKeyConstraint(
            ["centre_id", "product_id", "of_unit_id"],
            ["product_unit.centre_id", "product_unit.product_id", "product_unit.id"],
            name=op.f("fk_product_unit_centre_id_product_id_of_unit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.UniqueConstraint(
            "centre_id", "product_id", "id", name=op.f("uq_product_unit_centre_id_product_id_id")
        ),
        sa.UniqueConstraint(
            "centre_id",
            "product_id",
            "label",
            name=op.f("uq_product_unit_centre_id_product_id_label"),
        ),
        of=("product", "version"),
    )


def _barcodes() -> None:
    _table(
        "product_barcode",
        sa.Column("barcode", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.CheckConstraint("barcode <> ''", name=op.f("ck_product_barcode_barcode_there")),
        sa.PrimaryKeyConstraint("centre_id", "barcode", name=op.f("pk_product_barcode")),
        of=("product", "unit"),
    )
    op.create_index("ix_product_barcode_product_id", "product_barcode", ["centre_id", "product_id"])


def _tiers() -> None:
    _table(
        "price_tier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("members_only", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("price_satang", BIG, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "count > 1 OR (count = 1 AND members_only)", name=op.f("ck_price_tier_many_or_members")
        ),
        sa.CheckConstraint("price_satang >= 0", name=op.f("ck_price_tier_price_natural")),
        of=("product", "unit", "version"),
    )
    op.create_index(
        "uq_price_tier_product",
        "price_tier",
        ["centre_id", "product_id", "members_only", "count"],
        unique=True,
        postgresql_where=sa.text("unit_id IS NULL AND active"),
        sqlite_where=sa.text("unit_id IS NULL AND active"),
    )
    op.create_index(
        "uq_price_tier_unit",
        "price_tier",
        ["centre_id", "product_id", "unit_id", "members_only", "count"],
        unique=True,
        postgresql_where=sa.text("unit_id IS NOT NULL AND active"),
        sqlite_where=sa.text("unit_id IS NOT NULL AND active"),
    )


def _prefixes() -> None:
    _table(
        "scale_prefix",
        sa.Column("prefix", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_digits", sa.Integer(), nullable=False),
        sa.Column("value_digits", sa.Integer(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('weight', 'price', 'pieces')", name=op.f("ck_scale_prefix_kind_known")
        ),
        sa.CheckConstraint(
            "decimals BETWEEN 0 AND 3 AND (kind <> 'price' OR decimals < 3)",
            name=op.f("ck_scale_prefix_decimals_sane"),
        ),
        sa.CheckConstraint(
            "item_digits BETWEEN 1 AND 8", name=op.f("ck_scale_prefix_item_digits_sane")
        ),
        sa.CheckConstraint(
            "length(prefix) + item_digits + value_digits BETWEEN 11 AND 12",
            name=op.f("ck_scale_prefix_fills_the_code"),
        ),
        sa.CheckConstraint(
            "value_digits BETWEEN 3 AND 8", name=op.f("ck_scale_prefix_value_digits_sane")
        ),
        sa.PrimaryKeyConstraint("centre_id", "prefix", name=op.f("pk_scale_prefix")),
        of=("version",),
    )


def _changes() -> None:
    _table(
        "price_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("tier_id", sa.Uuid()),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("before_satang", BIG),
        sa.Column("after_satang", BIG),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "source IN ('page', 'api', 'file', 'system')", name=op.f("ck_price_change_source_known")
        ),
        sa.CheckConstraint(
            "before_satang IS NOT NULL OR after_satang IS NOT NULL",
            name=op.f("ck_price_change_some_price"),
        ),
        sa.CheckConstraint(
            "unit_id IS NULL OR tier_id IS NULL", name=op.f("ck_price_change_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "tier_id"],
            ["price_tier.centre_id", "price_tier.id"],
            name=op.f("fk_price_change_centre_id_tier_id"),
        ),
        of=("product", "unit"),
    )
    op.create_index("ix_price_change_product_id", "price_change", ["centre_id", "product_id", "id"])


def _categories() -> None:
    _table(
        "product_category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name_th", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid()),
        sa.CheckConstraint(
            "merged_into_id <> id", name=op.f("ck_product_category_merged_into_another")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "merged_into_id"],
            ["product_category.centre_id", "product_category.id"],
            name=op.f("fk_product_category_centre_id_merged_into_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.UniqueConstraint("centre_id", "key", name=op.f("uq_product_category_centre_id_key")),
        of=("version",),
    )
    op.create_index(
        "uq_product_category_name_th",
        "product_category",
        ["centre_id", "name_th"],
        unique=True,
        postgresql_where=sa.text("merged_into_id IS NULL"),
        sqlite_where=sa.text("merged_into_id IS NULL"),
    )


def _pictures() -> None:
    _table(
        "product_picture",
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid()),
        sa.CheckConstraint(
            "width > 0 AND height > 0", name=op.f("ck_product_picture_size_positive")
        ),
        sa.PrimaryKeyConstraint("centre_id", "product_id", name=op.f("pk_product_picture")),
        of=("product",),
    )


def _licences() -> None:
    _table(
        "product_licence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fda', 'community', 'organic', 'gi', 'gap', 'fertiliser', 'water', 'other')",
            name=op.f("ck_product_licence_kind_known"),
        ),
        sa.CheckConstraint(
            "expires_on >= issued_on", name=op.f("ck_product_licence_days_in_order")
        ),
        of=("product", "version"),
    )
    op.create_index("ix_product_licence_expires_on", "product_licence", ["centre_id", "expires_on"])
    op.create_index("ix_product_licence_product_id", "product_licence", ["centre_id", "product_id"])
    # ### end Alembic commands ###


def _keep_barcodes() -> None:
    op.execute(
        "INSERT INTO product_barcode (centre_id, barcode, product_id)"
        " SELECT centre_id, barcode, id FROM product WHERE barcode <> ''"
    )
    op.drop_index("uq_product_barcode", table_name="product")
    drop_columns("product", ["barcode"])


def _keep_categories() -> None:
    """Each category that something names, in Thai order."""
    named = sa.union(
        *(
            sa.select(table.c.centre_id, table.c.category).where(table.c.category != "")
            for table in (_PRODUCT, _TERMS, _PROMOTION, _RULE)
        )
    )
    found = sorted(
        op.get_bind().execute(named).all(),
        key=lambda row: (row.centre_id, thai_sort_key(row.category)),
    )
    rows = [
        {"centre_id": row.centre_id, "id": uuid7(), "position": place, "version": 1}
        | dict.fromkeys(("key", "name_th", "name_en"), row.category)
        for place, row in enumerate(found)
    ]
    if rows:
        op.bulk_insert(_CATEGORY, rows)


def _keep_prices() -> None:
    """What the trail remembers of prices: the first one, and each change of it."""
    rows = list(_remembered())
    if rows:
        op.bulk_insert(_CHANGE, rows)


def _remembered() -> Iterator[dict[str, Any]]:
    connection = op.get_bind()
    products = {
        (one.centre_id, one.id): one.unit for one in connection.execute(sa.select(_PRODUCT))
    }
    people = {one.id: one.display_name for one in connection.execute(sa.select(_USER))}
    trail = (
        sa.select(_TRAIL)
        .where(_TRAIL.c.action.in_(("product.created", "price.changed")))
        .order_by(_TRAIL.c.centre_id, _TRAIL.c.id)
    )
    for event in connection.execute(trail):
        product_id, facts = UUID(event.subject_id), event.facts
        unit = products.get((event.centre_id, product_id))
        if unit is not None:
            yield {
                "centre_id": event.centre_id,
                "id": event.id,
                "product_id": product_id,
                "label": unit,
                "before_satang": facts.get("before_satang"),
                "after_satang": facts.get("after_satang", facts.get("price_satang")),
                "at": event.at,
                "changed_by": event.user_id,
                "by_name": people.get(event.user_id, "system"),
                "source": "system",
            }


_PRODUCT = sa.table(
    "product",
    sa.column("centre_id", BIG),
    sa.column("id", sa.Uuid()),
    sa.column("category", sa.String()),
    sa.column("unit", sa.String()),
)
_CATEGORISED = (sa.column("centre_id", BIG), sa.column("category", sa.String()))
_TERMS = sa.table("consignment_terms", *_CATEGORISED)
_PROMOTION = sa.table("promotion", sa.column("centre_id", BIG), sa.column("category", sa.String()))
_RULE = sa.table("goods_rule", sa.column("centre_id", BIG), sa.column("category", sa.String()))
_USER = sa.table("app_user", sa.column("id", sa.Uuid()), sa.column("display_name", sa.String()))
_TRAIL = sa.table(
    "audit_event",
    sa.column("centre_id", BIG),
    sa.column("id", sa.Uuid()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("user_id", sa.Uuid()),
    sa.column("action", sa.String()),
    sa.column("subject_id", sa.String()),
    sa.column("facts", sa.JSON()),
)
_CATEGORY = sa.table(
    "product_category",
    sa.column("centre_id", BIG),
    sa.column("id", sa.Uuid()),
    sa.column("key", sa.String()),
    sa.column("name_th", sa.String()),
    sa.column("name_en", sa.String()),
    sa.column("position", sa.Integer()),
    sa.column("version", sa.Integer()),
)
_CHANGE = sa.table(
    "price_change",
    sa.column("centre_id", BIG),
    sa.column("id", sa.Uuid()),
    sa.column("product_id", sa.Uuid()),
    sa.column("label", sa.String()),
    sa.column("before_satang", BIG),
    sa.column("after_satang", BIG),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("changed_by", sa.Uuid()),
    sa.column("by_name", sa.String()),
    sa.column("source", sa.String()),
)
