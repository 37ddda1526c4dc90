// What a supervisor may decide, and what each decision does, in English.
import type { Texts } from './texts';

export const words: Texts['words'] = {
  paid: { name: 'Paid', does: 'Counts as paid: the bill is not charged again. The till keeps watching the gateway.' },
  'not-paid': { name: 'Not paid', does: 'Counts as not paid: the bill can be charged again. A later success raises an alarm.' },
  'credit-now': { name: 'Credit now', does: 'Sends one recharge request at once. First check that the card was not credited.' },
  credited: { name: 'Credited', does: 'You saw the credit on the card: no recharge request is sent any more.' },
  'not-credited': { name: 'Not credited', does: 'The card has no credit and gets none: refund through the selling system.' },
  applied: { name: 'Count for this bill', does: 'The money pays this bill: the bill is not charged again.' },
  refund: { name: 'Refund', does: 'The selling system gives the money back; this till refunds nothing by itself.' },
  release: { name: 'Free the bill number', does: 'The charge stays paid, but the bill number can be charged again.' },
};
