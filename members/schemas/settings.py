"""A centre's settings as they come in and go out."""

from __future__ import annotations

from core.identity import plain_digits
from core.web.schemas import (
    DateField,
    IntegerField,
    ListField,
    NestedField,
    OneOf,
    Schema,
    TextField,
)
from members.models import (
    CONSIGNMENT_BASES,
    ORGANISATION_TYPES,
    OVERSELL_POLICIES,
    PROMPTPAY_KINDS,
    VAT_MODES,
)

CASH_ROUNDINGS = ("0", "25", "50", "100")


class TaxIdField(TextField):
    """A 13-digit tax id, however it was grouped; its check digit is the service's business."""

    def _spelt(self, value: str) -> str:
        return plain_digits(value)


class CashRoundingField(IntegerField):
    """Cash is rounded to this many satang; 0 not at all."""

    def __init__(self, **options: object) -> None:
        metadata = {"enum": [int(choice) for choice in CASH_ROUNDINGS]}
        super().__init__(0, 100, metadata=metadata, **options)

    def _read(self, value: object) -> int:
        number = super()._read(value)
        if str(number) not in CASH_ROUNDINGS:
            raise self.make_error("validator_failed")
        return number


class TaxSettingIn(Schema):
    """How the centre stands to VAT from a day on."""

    valid_from = DateField(required=True)
    vat_mode = OneOf(VAT_MODES, required=True)
    consignment_basis = OneOf(CONSIGNMENT_BASES, load_default="commission")


class CentreIn(Schema):
    """The settings of a centre, all of them."""

    name_th = TextField(200, required=True)
    name_en = TextField(200, required=True)
    address = TextField(500, load_default="", lines=True)
    phone = TextField(40, load_default="", digits=True)
    tax_id = TaxIdField(13, load_default="", pattern=r"[0-9]{13}")
    oversell_policy = OneOf(OVERSELL_POLICIES, load_default="block")
    cash_rounding_satang = CashRoundingField(load_default=0)
    promptpay_kind = OneOf(PROMPTPAY_KINDS, load_default="")
    promptpay_id = TaxIdField(20, load_default="", pattern=r"[0-9]{10,15}")
    promptpay_name = TextField(120, load_default="")
    fiscal_year_start_month = IntegerField(1, 12, load_default=1)
    receipt_footer = TextField(500, load_default="", lines=True)
    organisation_type = OneOf(ORGANISATION_TYPES, load_default="community_enterprise")


class CentreForm(CentreIn):
    """The settings as typed."""

    version = IntegerField(required=True)


class CentreOut(CentreIn):
    """The settings of a centre and how it stands to VAT."""

    id = IntegerField()
    network_id = IntegerField()
    code = TextField(20)
    version = IntegerField()
    tax_settings = ListField(NestedField(TaxSettingIn))
