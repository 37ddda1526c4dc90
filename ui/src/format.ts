// Amounts, times and ages as people read them. An amount is a text from beginning to end.
import type { Texts } from './i18n/texts';

/** `2600.00` as `¥2,600.00`. */
export function yuan(amount: string): string {
  const [whole = '', fen] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `¥${grouped}${fen === undefined ? '' : `.${fen}`}`;
}

/** The hour and minute of an RFC 3339 text, as it was at the window. */
export function clock(at: string): string {
  return /T(\d{2}:\d{2})/.exec(at)?.[1] ?? at;
}

/** Whole seconds, for a count-up. */
export function waited(ms: number, t: Texts): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return t.panel.waited(seconds);
  return t.panel.waitedMinutes(Math.floor(seconds / 60), seconds % 60);
}

/** How old something is, in one unit. */
export function age(ms: number, t: Texts): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return t.ages.seconds(seconds);
  if (seconds < 7200) return t.ages.minutes(Math.floor(seconds / 60));
  if (seconds < 172_800) return t.ages.hours(Math.floor(seconds / 3600));
  return t.ages.days(Math.floor(seconds / 86_400));
}

/** Month, day and time of an RFC 3339 text to the second, as it was at the window. */
export function moment(at: string, t: Texts): string {
  const [, month, day, time] = /^\d{4}-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(at) ?? [];
  return month && day && time ? t.dates.moment(+month, +day, time) : at;
}

/** The local day, as the backend writes it. */
export function localDay(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The time of an RFC 3339 text to the second. */
export function clockSeconds(at: string): string {
  return /T(\d{2}:\d{2}:\d{2})/.exec(at)?.[1] ?? at;
}
