// The fields of the sale as they stand on the screen: raw text, judged by the backend alone.
import type { ChargeView, Entry, Field, Refusal, SaleView } from './types';

/** A field that takes text. */
export type TextField = Exclude<Field, 'business'>;

/** The business that also needs a card. */
export const RECHARGE = 7;

export class Desk {
  operator = $state('');
  business = $state(1);
  bill = $state('');
  amount = $state('');
  card = $state('');

  /** What is wrong with a field. */
  errors: Partial<Record<Field, Refusal>> = $state.raw({});

  /** The field that wants the focus; `turn` rises so that the same wish can be made twice. */
  wish: { field: Field; turn: number } = $state.raw({ field: 'operator', turn: 0 });

  /** Everything, as the backend takes it. */
  get entry(): Entry {
    const card = this.business === RECHARGE ? this.card : '';
    return { operator: this.operator, business: this.business, bill: this.bill, amount: this.amount, card };
  }

  /** Nothing of a sale is entered. */
  get empty(): boolean {
    return this.bill === '' && this.amount === '' && this.card === '';
  }

  focus(field: Field): void {
    this.wish = { field, turn: this.wish.turn + 1 };
  }

  refuse(field: Field, refusal: Refusal): void {
    this.errors = { ...this.errors, [field]: refusal };
    this.focus(field);
  }

  /** The cashier changed a field, so nothing is known to be wrong any more. */
  excuse(): void {
    this.errors = {};
  }

  /** Ready for the next bill; operator and business stay. */
  clear(): void {
    this.bill = this.amount = this.card = '';
    this.errors = {};
    this.focus('bill');
  }

  /** Shows a sale or charge that the backend already knows. */
  fill(sale: SaleView | ChargeView): void {
    this.bill = sale.bill;
    this.amount = sale.amount;
    this.business = sale.business;
    this.card = sale.card ?? '';
    this.errors = {};
  }

  /** Puts a scanned bill in; another bill than before is another sale. */
  scanBill(text: string): void {
    if (this.bill !== '' && this.bill !== text) this.amount = this.card = '';
    this.bill = text;
    this.focus('amount');
  }
}
