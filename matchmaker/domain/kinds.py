"""The fixed vocabularies of the field: sectors, kinds of host and activity, roles, holiday regions."""

from __future__ import annotations

from enum import StrEnum


class Sector(StrEnum):
    """Sector of a school location."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    SPECIAL = "special"


class HolidayRegion(StrEnum):
    """Dutch school holidays are spread over three regions; values as the authorities write them."""

    NORTH = "Noord"
    MIDDLE = "Midden"
    SOUTH = "Zuid"


class CoordinateSource(StrEnum):
    """Where the coordinates of a location come from, best first."""

    FILE = "file"
    POSTCODE = "postcode"
    PLACE = "place"


class TravelMode(StrEnum):
    """How a school's groups usually travel."""

    WALK = "walk"
    BICYCLE = "bicycle"
    PARENTS_CARS = "parents_cars"
    BUS = "bus"
    PUBLIC_TRANSPORT = "public_transport"


class HostKind(StrEnum):
    """What sort of host an organisation is."""

    COMPANY = "company"
    TECHNIEKLOKAAL = "technieklokaal"
    SCIENCE_CENTRE = "science_centre"
    TECHNIEKDAG = "techniekdag"
    MOBILE_LAB = "mobile_lab"
    TRAINING_COMPANY = "training_company"
    COMPETITION = "competition"


class ActivityKind(StrEnum):
    """What sort of activity is offered; groups may wish a kind instead of one activity."""

    COMPANY_VISIT = "company_visit"
    TECHNIEKLOKAAL = "technieklokaal"
    SCIENCE_CENTRE = "science_centre"
    TECHNIEKDAG = "techniekdag"
    MOBILE_LESSON = "mobile_lesson"
    WORKSHOP = "workshop"
    COMPETITION = "competition"


class Role(StrEnum):
    """What a member may be in an organisation or region."""

    COORDINATOR = "coordinator"
    TEACHER = "teacher"
    HOST_CONTACT = "host_contact"
    ORGANISER = "organiser"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"
    BOARD = "board"


SCHOOL_ROLES = frozenset({Role.COORDINATOR, Role.TEACHER})
HOST_ROLES = frozenset({Role.HOST_CONTACT})
REGION_ROLES = frozenset({Role.ORGANISER, Role.VIEWER, Role.ADMINISTRATOR})
# They count for all schools of one school board.
BOARD_ROLES = frozenset({Role.BOARD})


class ApprovalState(StrEnum):
    """Whether an organiser lets an activity be seen and booked."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"


class SlotState(StrEnum):
    """Whether a slot takes part in the season."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


class MessageKind(StrEnum):
    """Every mail the system sends; the value names its folder in templates/email."""

    SIGN_IN = "sign_in"
    RESULT_SCHOOL = "result_school"
    RESULT_HOST = "result_host"
    VISIT_SCHOOL = "visit_school"
    VISIT_HOST = "visit_host"
    VISIT_CHANGED_SCHOOL = "visit_changed_school"
    VISIT_CHANGED_HOST = "visit_changed_host"
    VISIT_CHANGED_OFFICE = "visit_changed_office"
    VISIT_CANCELLED_SCHOOL = "visit_cancelled_school"
    VISIT_CANCELLED_HOST = "visit_cancelled_host"
    INVITATION = "invitation"
    CONTACT_LEFT = "contact_left"
    INACTIVE_NOTICE = "inactive_notice"
    JOIN_RECEIVED = "join_received"
    JOIN_REFUSED = "join_refused"
    JOIN_ASKED = "join_asked"
    QUESTION = "question"
    QUESTION_ANSWERED = "question_answered"
    TRIAL = "trial"
    OFFERING_OPENS = "offering_opens"
    WISHING_OPENS = "wishing_opens"
    SECURITY_NOTICE = "security_notice"
    CALENDAR_ANSWER = "calendar_answer"
    MAIL_RETURNED = "mail_returned"
    PASSED_ON = "passed_on"
    OFFERING_REMINDER = "offering_reminder"
    WISHING_REMINDER = "wishing_reminder"
    VISIT_REMINDER = "visit_reminder"
    DAY_SHEET = "day_sheet"
    VISIT_THANKS = "visit_thanks"
    FEEDBACK_REMINDER = "feedback_reminder"
    HOST_THANKS = "host_thanks"
    WISHES_RECEIVED = "wishes_received"
    PLACE_OFFERED = "place_offered"
    OFFER_ANSWERED = "offer_answered"
    DIGEST = "digest"
    RESULT_SCHOOLS = "result_schools"


class ClosedDayReason(StrEnum):
    """Why schools or hosts are closed."""

    SCHOOL_HOLIDAY = "school_holiday"
    PUBLIC_HOLIDAY = "public_holiday"
    STUDY_DAY = "study_day"
    CLOSED = "closed"
