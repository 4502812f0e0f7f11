"""A small publication to compose: a winter and a summer visit, a mobile one, and a group without a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from matchmaker.config import Settings
from matchmaker.notifications.facts import (
    BookingFacts,
    Contact,
    GroupFacts,
    HostFacts,
    RegionFacts,
    RoundFacts,
    SchoolFacts,
    SlotFacts,
)
from matchmaker.notifications.publication import PublicationFacts

MOMENT = datetime(2026, 12, 23, 9, 30, tzinfo=UTC)
SETTINGS = Settings(
    instance_path=Path("instance"), base_url="https://techniek.example", mail_domain="techniek.example"
)

REGION = RegionFacts(
    id=1,
    name="Achterhoek en De Liemers",
    sender_name="Techniekpact Achterhoek en De Liemers",
    contact_email="bureau@techniekpact.example",
    contact_phone="0314 000 000",
)
ROUND = RoundFacts(id=3, name="Voorjaar 2027", school_year="2026/27")

EIKEN = SchoolFacts(
    id=11,
    name="De Eiken",
    street="Lindelaan 1",
    postcode="7001 AA",
    place="Doetinchem",
    guarantee=2,
    participations=2,
    contacts=(Contact(name="W&T-coördinator De Eiken", email="wt@de-eiken.example", phone="0314 111 111"),),
)
LINDE = SchoolFacts(
    id=12,
    name="De Linde",
    street="Dorpsstraat 5",
    postcode="6941 AB",
    place="Didam",
    guarantee=2,
    participations=1,
    contacts=(
        Contact(name="W&T-coördinator De Linde", email="wt@de-linde.example", phone="0316 222 222"),
        Contact(name="Leerkracht groep 7", email="groep7@de-linde.example"),
    ),
)
BEUK = SchoolFacts(
    id=13,
    name="Beukcollege",
    place="Ulft",
    guarantee=1,
    participations=0,
    contacts=(Contact(name="Technieklokaalbeheerder", email="techniek@beukcollege.example"),),
)
METAAL = HostFacts(
    id=21,
    name="Metaalwerken IJsselstroom",
    street="Industrieweg 10",
    postcode="7071 AA",
    place="Ulft",
    contacts=(
        Contact(name="Contactpersoon scholen", email="scholen@ijsselstroom.example", phone="0315 333 333"),
    ),
)
TRAILER = HostFacts(
    id=22,
    name="Techniektrailer",
    place="Zutphen",
    contacts=(Contact(name="Planning trailer", email="planning@trailer.example"),),
)

GROUPS = (
    GroupFacts(id=31, school_id=11, name="7/8", levels=("po7", "po8"), pupils=24),
    GroupFacts(id=32, school_id=11, name="5", levels=("po5",), pupils=28),
    GroupFacts(id=33, school_id=12, name="Oranje", levels=("po7", "po8"), pupils=21),
    GroupFacts(
        id=34,
        school_id=12,
        name="6",
        levels=("po6",),
        pupils=19,
        reason_code="group_places",
    ),
    GroupFacts(id=35, school_id=13, name="1HV2", levels=("vo1",), pupils=27),
)
LASSEN = SlotFacts(
    id=41,
    host_id=21,
    activity="Lassen zonder vonken",
    starts_at=datetime(2027, 1, 12, 8, 0, tzinfo=UTC),
    ends_at=datetime(2027, 1, 12, 10, 0, tzinfo=UTC),
    calendar_uid="tijdvak-41@techniek.example",
    practical="Meld u bij de receptie.\nDraag dichte schoenen, haren vast.",
    capacity_groups=2,
    capacity_pupils=60,
)
ROBOTS = SlotFacts(
    id=42,
    host_id=21,
    activity="Robots leren rijden",
    starts_at=datetime(2027, 4, 6, 11, 0, tzinfo=UTC),
    ends_at=datetime(2027, 4, 6, 12, 30, tzinfo=UTC),
    calendar_uid="tijdvak-42@techniek.example",
    min_groups=2,
)
ON_WHEELS = SlotFacts(
    id=43,
    host_id=22,
    activity="De Techniektrailer op het plein",
    starts_at=datetime(2027, 6, 8, 7, 0, tzinfo=UTC),
    ends_at=datetime(2027, 6, 8, 10, 0, tzinfo=UTC),
    calendar_uid="tijdvak-43@techniek.example",
    mobile=True,
    practical="Zorg voor een plek van 15 bij 4 meter en een stopcontact.",
)
BOOKINGS = (
    BookingFacts(group_id=31, slot_id=41, calendar_uid="boeking-1@techniek.example", rank=1, km=12.4),
    BookingFacts(group_id=33, slot_id=41, calendar_uid="boeking-2@techniek.example", rank=2, km=18.6),
    BookingFacts(group_id=32, slot_id=43, calendar_uid="boeking-3@techniek.example", rank=None, km=0.0),
)

PUBLICATION = PublicationFacts(
    region=REGION,
    round=ROUND,
    run_id=5,
    moment=MOMENT,
    schools=(EIKEN, LINDE, BEUK),
    hosts=(METAAL, TRAILER),
    groups=GROUPS,
    slots=(LASSEN, ROBOTS, ON_WHEELS),
    bookings=BOOKINGS,
)


def rename(publication: PublicationFacts, name: str) -> PublicationFacts:
    """Return the publication with one name in every place where somebody can type a name."""
    return replace(
        publication,
        region=replace(REGION, name=name, sender_name=name, contact_phone=name),
        round=replace(ROUND, name=name),
        schools=tuple(
            replace(
                school, name=name, street=name, place=name, contacts=_rename_contacts(school.contacts, name)
            )
            for school in publication.schools
        ),
        hosts=tuple(
            replace(host, name=name, street=name, place=name, contacts=_rename_contacts(host.contacts, name))
            for host in publication.hosts
        ),
        groups=tuple(replace(group, name=name) for group in publication.groups),
        slots=tuple(replace(slot, activity=name, address=name, practical=name) for slot in publication.slots),
    )


def _rename_contacts(contacts: tuple[Contact, ...], name: str) -> tuple[Contact, ...]:
    return tuple(replace(contact, name=name, phone=name) for contact in contacts)
