"""Mapped rows by noun. Importing this package registers every table, and bounds the session by the scope."""

from matchmaker.extensions import Base as _Base
from matchmaker.models.allocation import AllocationRun, Placement
from matchmaker.models.analysis import Analysis
from matchmaker.models.attempt import AttemptCount
from matchmaker.models.audit import AuditEntry
from matchmaker.models.booking import Booking, ExternalActivity
from matchmaker.models.calendar_feed import CalendarFeed
from matchmaker.models.calendar_reply import CalendarReply, IncomingMail
from matchmaker.models.demand import BlockedTime, Group, Wish, WishList
from matchmaker.models.device import SignedInDevice
from matchmaker.models.heartbeat import Heartbeat
from matchmaker.models.invitation import Invitation
from matchmaker.models.invitation_list import InvitationList
from matchmaker.models.join_request import JoinRequest
from matchmaker.models.labelling import label_models as _label_models
from matchmaker.models.message import Message
from matchmaker.models.night import NightlyRun
from matchmaker.models.offer import Activity, Slot
from matchmaker.models.organisation import Host, Organisation, School
from matchmaker.models.outside_identity import LinkedIdentity
from matchmaker.models.person import Membership, SignInToken, User
from matchmaker.models.question import SignedQuestion
from matchmaker.models.region import ClosedDay, PostcodePlace, Region, Round, SchoolYear
from matchmaker.models.scoping import watch_session as _watch_session
from matchmaker.models.second_factor import RecoveryCode, SecondFactor
from matchmaker.models.sending import MailDeparture, SendingState
from matchmaker.models.told_visit import ToldVisit

_label_models(_Base.registry)
_watch_session()

__all__ = [
    "Activity",
    "AllocationRun",
    "Analysis",
    "AttemptCount",
    "AuditEntry",
    "BlockedTime",
    "Booking",
    "CalendarFeed",
    "CalendarReply",
    "ClosedDay",
    "ExternalActivity",
    "Group",
    "Heartbeat",
    "Host",
    "IncomingMail",
    "Invitation",
    "InvitationList",
    "JoinRequest",
    "LinkedIdentity",
    "MailDeparture",
    "Membership",
    "Message",
    "NightlyRun",
    "Organisation",
    "Placement",
    "PostcodePlace",
    "RecoveryCode",
    "Region",
    "Round",
    "School",
    "SchoolYear",
    "SecondFactor",
    "SendingState",
    "SignInToken",
    "SignedInDevice",
    "SignedQuestion",
    "Slot",
    "ToldVisit",
    "User",
    "Wish",
    "WishList",
]
