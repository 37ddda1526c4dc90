// The locked screen: what is typed into it, and the question whether another operator takes over.
import { attempt, type Trouble } from './attempt';
import type { Host } from './host';

export class Lock {
  /** What stands in the field. */
  text = $state('');
  trouble: Trouble | null = $state.raw(null);
  /** The number that is not that of the operator who locked. */
  other: string | null = $state(null);

  constructor(readonly host: Host) {}

  /** The field was changed. */
  edit(text: string): void {
    this.text = text;
    this.trouble = null;
    this.other = null;
  }

  /** `true` once the screen is unlocked. */
  async unlock(takeOver: boolean): Promise<boolean> {
    const operator = this.text.trim();
    const trouble = await attempt(() => this.host.unlock(operator, takeOver));
    if (operator !== this.text.trim()) return trouble === null;
    this.other = isOther(trouble) ? operator : null;
    this.trouble = trouble;
    if (!trouble) this.text = '';
    return trouble === null;
  }
}

function isOther(trouble: Trouble | null): boolean {
  return trouble !== null && typeof trouble === 'object' && trouble.kind === 'other-operator';
}
