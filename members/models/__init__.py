"""Tables of the community: the federation tree, people, and who may do what.

Networks, centres and users stand above centres; every other row belongs to exactly one centre.
"""

from __future__ import annotations

from members.models.duties import DutyWaiver, DutyWaiverEnd, DutyWaiverUse
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
from members.models.moving_in import (
    OUTCOMES,
    TABLE_STATES,
    VERDICTS,
    TableImport,
    TableImportLine,
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
from members.models.register import Member, Producer
from members.models.roster import (
    OFF_KINDS,
    TASKS,
    DayOff,
    Duty,
    RosterWeek,
    Worker,
    WorkTime,
)
from members.models.users import (
    ROLES,
    ApiToken,
    AppUser,
    RoleGrant,
    SignInAttempt,
    StaffPin,
    UserSession,
)

__all__ = [
    "CONSENT_PURPOSES",
    "CONSIGNMENT_BASES",
    "FACT_KINDS",
    "INVITATION_KINDS",
    "INVITATION_OUTCOMES",
    "OFF_KINDS",
    "ORGANISATION_TYPES",
    "OUTCOMES",
    "OVERSELL_POLICIES",
    "PROMPTPAY_KINDS",
    "REQUEST_KINDS",
    "REQUEST_OUTCOMES",
    "ROLES",
    "TABLE_STATES",
    "TASKS",
    "VAT_MODES",
    "VERDICTS",
    "ApiToken",
    "AppUser",
    "CentreNetwork",
    "CentreRow",
    "Consent",
    "DataRequest",
    "DayOff",
    "Duty",
    "DutyWaiver",
    "DutyWaiverEnd",
    "DutyWaiverUse",
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
    "RosterWeek",
    "SignInAttempt",
    "StaffPin",
    "StandingFact",
    "TableImport",
    "TableImportLine",
    "TaxSetting",
    "UserSession",
    "Village",
    "WorkTime",
    "Worker",
]
