// Numbers as people read them, as `reports/src/number.rs` writes them; nothing here knows the page.

const NO_BREAK = "\u00a0";
const MINUS = "\u2212";

/** A number of a unit in the words of a language; with its sign where it is a difference. */
export function written(value: number, unit: string, language: string, isDifference: boolean, underOneMinute: string): string {
  const sign = isDifference && rounded(value, unit) > 0 ? "+" : "";
  return sign + plain(value, unit, language, underOneMinute);
}

function rounded(value: number, unit: string): number {
  return unit.startsWith("minutes") ? Math.round(value) : Math.round(value * 10);
}

function plain(value: number, unit: string, language: string, underOneMinute: string): string {
  switch (unit) {
    case "minutes_per_day":
    case "minutes_per_episode":
      return duration(value, underOneMinute);
    case "minutes_after_four":
      return clock(value);
    case "percent":
      return `${decimal(value, language, 1)}%`;
    case "episodes_per_day":
    case "euros_per_day":
      return decimal(value, language, 2);
    case "euros_per_year":
      return decimal(value, language, 0);
    default:
      return decimal(value, language, 1);
  }
}

/** Minutes as hours and minutes: `2 h 51 min`. */
export function duration(minutes: number, underOneMinute: string): string {
  if (minutes < 0 && Math.round(-minutes) !== 0) return MINUS + duration(-minutes, underOneMinute);
  if (minutes !== 0 && Math.round(Math.abs(minutes)) === 0) return underOneMinute;
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours === 0) return `${rest}${NO_BREAK}min`;
  if (rest === 0) return `${hours}${NO_BREAK}h`;
  return `${hours}${NO_BREAK}h${NO_BREAK}${rest}${NO_BREAK}min`;
}

/** Minutes after four in the morning as a clock shows them. */
export function clock(minutes: number): string {
  const whole = (((Math.round(minutes) + 240) % 1440) + 1440) % 1440;
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function decimal(value: number, language: string, digits: number): string {
  const shown = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "min2" } as Intl.NumberFormatOptions);
  return shown.format(value).replace("-", MINUS);
}
