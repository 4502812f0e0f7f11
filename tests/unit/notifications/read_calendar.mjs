// Reads calendar files with ical.js as Thunderbird and Nextcloud do: a JSON list of texts in, what they mean out.
import { readFileSync } from "node:fs";
import ICAL from "../../../node_modules/ical.js/dist/ical.js";

const text = (component, name) => component.getFirstPropertyValue(name);

function readEvent(component) {
  const event = new ICAL.Event(component);
  const attendees = component.getAllProperties("attendee");
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    location: event.location,
    description: event.description,
    status: text(component, "status"),
    stamp: text(component, "dtstamp").toJSDate().toISOString(),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    wallStart: event.startDate.toString(),
    organizer: component.getFirstProperty("organizer").getParameter("cn"),
    organizerAddress: text(component, "organizer"),
    attendees: attendees.map((attendee) => ({
      address: attendee.getFirstValue(),
      cn: attendee.getParameter("cn"),
      partstat: attendee.getParameter("partstat"),
      rsvp: attendee.getParameter("rsvp"),
    })),
    properties: component.getAllProperties().map((property) => property.name),
  };
}

function readCalendar(source) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(source));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return {
    method: text(calendar, "method"),
    zones: calendar.getAllSubcomponents("vtimezone").length,
    events: calendar.getAllSubcomponents("vevent").map(readEvent),
  };
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(readCalendar)));
