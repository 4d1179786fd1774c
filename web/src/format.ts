/** "00:02:31" of seconds. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/** "02:31", with hours only where there are some. */
export function clock(seconds: number): string {
  const text = duration(seconds);
  return text.startsWith("00:") ? text.slice(3) : text;
}

/** "12.345": three decimals as in the manual (F99); what lies below a thousandth is cut. */
export function yuan(micro: number): string {
  const thousandths = Math.floor(Math.abs(micro) / 1000);
  const whole = Math.floor(thousandths / 1000).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${micro < 0 ? "-" : ""}${whole}.${String(thousandths % 1000).padStart(3, "0")}`;
}

/** "2.78%": answered of dialled, two decimals half up, zeros cut, "0%" of none (F30, D4). */
export function rate(part: number, whole: number): string {
  if (whole <= 0) return "0%";
  const hundredths = Math.floor((part * 20_000 + whole) / (whole * 2));
  const text = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
  return `${text.replace(/\.?0+$/, "")}%`;
}

/** The tooltip's rate of the hours chart: one decimal, "0.0" of none (F8). */
export function hourRate(answered: number, calls: number): string {
  return calls > 0 ? ((answered * 100) / calls).toFixed(1) : "0.0";
}

/** "2026-06-10 11:17:58" in `zone`, an IANA name. */
export function dateTime(ms: number, zone: string): string {
  const p = parts(ms, zone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/** "11:17:58" in `zone`, an IANA name. */
export function timeOfDay(ms: number, zone: string): string {
  const p = parts(ms, zone);
  return `${p.hour}:${p.minute}:${p.second}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(ms: number, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = zoned(zone);
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}

function zoned(timeZone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  const shape = { hourCycle: "h23", year: "numeric", month: two, day: two, hour: two, minute: two, second: two } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...shape, timeZone });
  } catch {
    // An old browser may not know a new zone; a wrong hour without a word would be worse than UTC's.
    return new Intl.DateTimeFormat("en-GB", { ...shape, timeZone: "UTC" });
  }
}

/** "1.2 MB" */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  return n < 1024 * 1024 ? `${(n / 1024).toFixed(1)} KB` : `${(n / 1024 / 1024).toFixed(1)} MB`;
}

/** Pages of a list; an empty list has one. */
export function pages(total: number, size: number): number {
  return Math.max(1, Math.ceil(total / size));
}

/** The pager's buttons: first, last and two either side of `now`; 0 stands for a gap. */
export function pageButtons(now: number, last: number): number[] {
  const out: number[] = [];
  for (let n = 1; n <= last; n++) {
    if (n === 1 || n === last || Math.abs(n - now) <= 2) out.push(n);
    else if (out[out.length - 1] !== 0) out.push(0);
  }
  return out;
}
