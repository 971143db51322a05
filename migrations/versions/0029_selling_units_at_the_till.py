"""What a sale line says of the unit it was sold by, and the tier prices in it

Lines sold before were sold by the product's own unit: one of it is 1000 thousandths.
"""

from __future__ import annotations

from alembic import op

from migrations.rebuild import add_check, add_copy, add_reference, at_once

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A search reads this index alone, in the order of the list.
    op.create_index("ix_product_search", "product", ["centre_id", "sort_key", "id", "search_key"])
    op.drop_index("ix_product_sort_key", table_name="product")
    with at_once("sale_line"):
        add_reference("sale_line", "unit_id", "product_unit")
        add_copy("sale_line", "unit_quantity_milli", "quantity_milli", "BIGINT")
        add_copy("sale_line", "unit_factor_milli", "1000", "BIGINT")
        add_copy("sale_line", "tiers", "'[]'", "JSON")
        add_check("sale_line", "unit_quantity_positive", "unit_quantity_milli > 0")
        add_check("sale_line", "unit_factor_positive", "unit_factor_milli > 0")
    with at_once("refund_line"):
        add_copy("refund_line", "unit_quantity_milli", "quantity_milli", "BIGINT")
        add_check("refund_line", "unit_quantity_positive", "unit_quantity_milli > 0")
