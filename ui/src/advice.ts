// What the last scans suggest about the scanner's own settings.
import type { ScanTrace } from './types';

/** One piece of advice. */
export type Advice = 'fine' | 'no-terminator' | 'noise' | 'aim-prefix' | 'unfinished' | 'slow-keys' | 'keyboard';

/** More than this between two keys on average is a delay that somebody set. */
const SLOW_KEYS_MS = 35;

/** The gravest first; nothing before there is a scan. */
export function advise(traces: readonly ScanTrace[]): Advice[] {
  if (traces.length === 0) return [];
  const damaged = (reason: string) => traces.some(({ outcome }) => outcome.trace === 'damaged' && outcome.reason === reason);
  const typed = traces.filter((trace) => trace.source === 'keyboard');
  const found: Advice[] = [];
  if (damaged('noise')) found.push('noise');
  if (damaged('aim-prefix')) found.push('aim-prefix');
  if (damaged('unfinished')) found.push('unfinished');
  if (traces.some((trace) => trace.source === 'serial' && trace.ending === 'silence')) found.push('no-terminator');
  if (typed.some((trace) => meanGap(trace.gaps_ms) > SLOW_KEYS_MS)) found.push('slow-keys');
  else if (typed.length > 0) found.push('keyboard');
  return found.length > 0 ? found : ['fine'];
}

/** Milliseconds between two characters, on average. */
export function meanGap(gaps: readonly number[]): number {
  return gaps.length === 0 ? 0 : Math.round(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length);
}

/** The longest gap, in milliseconds. */
export function longestGap(gaps: readonly number[]): number {
  return Math.max(0, ...gaps);
}
