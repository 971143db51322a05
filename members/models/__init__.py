"""Tables of the community: the federation tree, people, and who may do what.

Networks, centres and users stand above centres; every other row belongs to exactly one centre.
"""

from __future__ import annotations

from members.models.federation import (
    CONSIGNMENT_BASES,
    ORGANISATION_TYPES,
    OVERSELL_POLICIES,
    PROMPTPAY_KINDS,
    VAT_MODES,
    CentreRow,
    Network,
    TaxSetting,
    Village,
)
from members.models.networks import (
    INVITATION_KINDS,
    INVITATION_OUTCOMES,
    CentreNetwork,
    NetworkInvitation,
    NetworkInvitationOutcome,
)
from members.models.persons import FACT_KINDS, GroupMember, Household, Person, StandingFact
from members.models.privacy import (
    CONSENT_PURPOSES,
    REQUEST_KINDS,
    REQUEST_OUTCOMES,
    Consent,
    DataRequest,
    NotTheSame,
    PersonMerge,
)
from members.models.register import PRODUCER_KINDS, Member, Producer
from members.models.users import ROLES, ApiToken, AppUser, RoleGrant, SignInAttempt, UserSession

__all__ = [
    "CONSENT_PURPOSES",
    "CONSIGNMENT_BASES",
    "FACT_KINDS",
    "INVITATION_KINDS",
    "INVITATION_OUTCOMES",
    "ORGANISATION_TYPES",
    "OVERSELL_POLICIES",
    "PRODUCER_KINDS",
    "PROMPTPAY_KINDS",
    "REQUEST_KINDS",
    "REQUEST_OUTCOMES",
    "ROLES",
    "VAT_MODES",
    "ApiToken",
    "AppUser",
    "CentreNetwork",
    "CentreRow",
    "Consent",
    "DataRequest",
    "GroupMember",
    "Household",
    "Member",
    "Network",
    "NetworkInvitation",
    "NetworkInvitationOutcome",
    "NotTheSame",
    "Person",
    "PersonMerge",
    "Producer",
    "RoleGrant",
    "SignInAttempt",
    "StandingFact",
    "TaxSetting",
    "UserSession",
    "Village",
]
