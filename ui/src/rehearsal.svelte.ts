// The lessons of the training mode: what the on-screen scanner can play, and which of them the trainee is in.
import type { Texts } from './i18n/texts';
import type { Scenario } from './types';

/** The lessons as they are offered, from the everyday to the frightening. */
export const LESSONS = [
  { group: 'everyday', lessons: ['paid', 'password', 'refused'] },
  { group: 'waiting', lessons: ['slow', 'lost', 'error', 'never'] },
  { group: 'surprise', lessons: ['late', 'double'] },
  { group: 'equipment', lessons: ['scanner', 'gateway'] },
] as const satisfies { group: string; lessons: Scenario[] }[];

/** Those that stand on the bar itself. */
export const QUICK: readonly Scenario[] = ['paid', 'password', 'refused', 'lost', 'never'];

/** What a lesson is called. */
export function nameOf(lesson: Scenario, t: Texts['training']): string {
  if (lesson === 'scanner') return t.scanner15;
  return lesson === 'gateway' ? t.gateway15 : t[lesson];
}

/** What the training scanner calls itself while it is unplugged. */
const PRETENDED = 'training';

/** Whether the on-screen scanner is unplugged at the moment. */
export function isUnplugged(scanner: { kind: string; port?: string }): boolean {
  return scanner.kind === 'lost' && scanner.port === PRETENDED;
}

export class Rehearsal {
  /** The lesson that was chosen last; its sentences stay until another one is chosen. */
  lesson: Scenario | null = $state(null);
}
