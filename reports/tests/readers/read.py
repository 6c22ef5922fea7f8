"""Reads a feed and a calendar of editions with packages that others wrote, and prints what they found as JSON."""

import json
import sys

import feedparser
import icalendar

feed = feedparser.parse(sys.argv[1])
with open(sys.argv[2], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())

events = [event for event in calendar.walk("VEVENT")]
print(
    json.dumps(
        {
            "bozo": bool(feed.bozo),
            "version": feed.version,
            "title": feed.feed.title,
            "self": [link.href for link in feed.feed.links if link.rel == "self"],
            "entries": [
                {"id": entry.id, "title": entry.title, "published": entry.published, "link": entry.link}
                for entry in feed.entries
            ],
            "calendar_errors": [str(error) for event in events for error in event.errors]
            + [str(error) for error in calendar.errors],
            "required": all(all(name in event for name in ("UID", "DTSTAMP", "DTSTART")) for event in events),
            "n_ids": len({str(event["UID"]) for event in events}),
            "events": [{"start": str(event.decoded("DTSTART")), "summary": str(event["SUMMARY"])} for event in events],
        }
    )
)
