// The clock of a diary day: ten-minute slots since 04:00.

/** The slot at which a clock time lies; `04:00` as an end is 144. */
export function slotOf(clock, isEnd = false) {
  const [hours, minutes] = clock.split(":").map(Number);
  const slot = (((hours + 20) % 24) * 60 + minutes) / 10;
  return isEnd && slot === 0 ? 144 : slot;
}

/** The clock time of a slot. */
export function clockOf(slot) {
  const minutes = (slot * 10 + 240) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Six timelines of 144 codes from spans as the journey tells them; an empty text where nothing is said. */
export function timelines(spans) {
  const blank = () => Array.from({ length: 144 }, () => "");
  const day = { main: blank(), location: blank(), with_whom: blank(), secondary: blank(), device: blank(), enjoyment: blank() };
  for (const span of spans) {
    const values = {
      main: span.main,
      location: span.location ?? "",
      with_whom: (span.company ?? []).join(""),
      secondary: span.secondary ?? "",
      device: span.device === undefined ? "" : span.device ? "si" : "no",
      enjoyment: String(span.enjoyment ?? ""),
    };
    for (const [field, value] of Object.entries(values)) day[field].fill(value, slotOf(span.from), slotOf(span.to, true));
  }
  return day;
}

/** The runs of a timeline: start, end, value. */
export function runs(timeline) {
  const found = [];
  let start = 0;
  for (let slot = 1; slot <= timeline.length; slot += 1) {
    if (slot < timeline.length && timeline[slot] === timeline[start]) continue;
    found.push({ start, end: slot, value: timeline[start] });
    start = slot;
  }
  return found;
}

/** The six timelines as the server writes them. */
export function asData(day) {
  const data = {};
  for (const [field, timeline] of Object.entries(day)) {
    data[field] = runs(timeline).filter(({ value }) => value !== "").map(({ start, end, value }) => [start, end, value]);
  }
  return data;
}
