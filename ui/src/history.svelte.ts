// Looking back: what is searched for, what was found, the day's sums, and the export.
import { localDay } from './format';
import type { Found, Host } from './host';
import type { ChargeView, DaySumView, ExportFormat, ExportProgress, HistoryQuery, LookFailure } from './types';

/** The backend gives no more than this. */
export const ROWS_MAX = 500;

/** Where an export is. */
export type Export = { kind: 'writing'; progress: ExportProgress | null } | { kind: 'written'; path: string } | { kind: 'failed'; failure: LookFailure };

export class History {
  query: HistoryQuery = $state(blank());
  rows: ChargeView[] = $state.raw([]);
  sums: { day: string; rows: DaySumView[] } | null = $state.raw(null);
  failure: LookFailure | null = $state.raw(null);
  searching = $state(false);
  exported: Export | null = $state.raw(null);
  chosen: string | null = $state(null);

  #turn = 0;

  constructor(readonly host: Host) {}

  /** Everything of today. */
  async today(): Promise<void> {
    this.query = blank();
    // One that is still being written goes on, and is seen to.
    if (this.exported?.kind !== 'writing') this.exported = null;
    await this.search();
  }

  async search(): Promise<void> {
    const turn = (this.#turn += 1);
    const query = $state.snapshot(this.query);
    const single = query.from.trim() !== '' && query.from.trim() === query.to.trim();
    this.searching = true;
    const [rows, sums] = await Promise.all([
      look(() => this.host.history(query)),
      single ? look(() => this.host.daySums(query.from.trim())) : null,
    ]);
    if (turn !== this.#turn) return;
    this.searching = false;
    this.failure = 'failure' in rows ? rows.failure : null;
    this.rows = 'found' in rows ? rows.found : [];
    this.sums = sums && 'found' in sums ? { day: query.from.trim(), rows: sums.found } : null;
  }

  async export(format: ExportFormat): Promise<void> {
    if (this.exported?.kind === 'writing') return;
    const { from, to } = this.query;
    this.exported = { kind: 'writing', progress: null };
    const answer = await look(() => this.host.exportCharges(format, from.trim(), to.trim()));
    this.exported = 'found' in answer ? { kind: 'written', path: answer.found } : { kind: 'failed', failure: answer.failure };
  }

  /** How far the export under way is. */
  tell(progress: ExportProgress): void {
    if (this.exported?.kind === 'writing') this.exported = { kind: 'writing', progress };
  }

  stopExport(): void {
    if (this.exported?.kind === 'writing') void this.host.stopExport().catch(() => undefined);
  }
}

async function look<T>(call: () => Promise<Found<T>>): Promise<Found<T>> {
  try {
    return await call();
  } catch {
    return { failure: { kind: 'journal' } };
  }
}

function blank(): HistoryQuery {
  const day = localDay();
  return { bill: '', operator: '', card: '', code: '', amount: '', state: null, from: day, to: day };
}
