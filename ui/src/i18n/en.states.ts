// What each state means to a cashier, in English: what happened, whether money moved, what to do.
import type { Texts } from './texts';

export const states: Texts['states'] = {
  entering: {
    word: 'Ready',
    sentence: 'Type the bill and the amount, then press Enter.',
    next: 'Scanning works once the amount is confirmed.',
  },
  armed: {
    word: 'Scan the customer\'s code',
    sentence: 'The amount is confirmed; nothing is charged yet. Any change must be confirmed again.',
    next: 'Point the scanner at the payment code.',
  },
  beginning: {
    word: 'Opening the recharge',
    sentence: 'The recharge is being registered; no payment code is involved yet.',
    next: 'Wait; do not scan yet.',
  },
  sending: {
    word: 'Sending',
    sentence: 'The code is on its way; waiting for the gateway\'s answer.',
    next: 'Wait; do not scan again.',
  },
  confirming: {
    word: 'Customer must confirm',
    sentence: 'Ask the customer to enter the password or confirm. Whether it is paid is not certain yet.',
    next: 'Do not charge again.',
  },
  checking: {
    word: 'Checking the result',
    sentence: 'It is not known whether money was taken; the till is asking the gateway.',
    next: 'Do not charge again; ask the customer to wait.',
  },
  parked: {
    word: 'Undecided, parked',
    sentence: 'It is not known whether money was taken. The till keeps asking and will tell you.',
    next: 'Do not charge this bill again. You can serve the next customer.',
  },
  paid: {
    word: 'Paid',
    sentence: 'The gateway confirmed the payment.',
    next: 'Just type the next bill.',
  },
  declined: {
    word: 'Not charged',
    sentence: 'The gateway says that this attempt took no money from the customer.',
    next: 'Ask for a fresh code or another way to pay.',
  },
  'never-sent': {
    word: 'Not sent, not charged',
    sentence: 'The request never left this till; the customer was not charged.',
    next: 'Check the network and ask for a fresh code.',
  },
  recharging: {
    word: 'Paid, crediting the card',
    sentence: 'The payment is confirmed; the card is being credited.',
    next: 'Do not recharge again; you can type the next bill.',
  },
  recharged: {
    word: 'Paid and credited',
    sentence: 'The payment is confirmed and the card is credited.',
    next: 'Hand back the card; just type the next bill.',
  },
  'recharge-undecided': {
    word: 'Paid, credit not certain',
    sentence: 'The payment is confirmed; whether the card was credited is not known.',
    next: 'Call the supervisor. Do not charge or recharge again.',
  },
  'recharge-refused': {
    word: 'Paid, not credited',
    sentence: 'The payment is confirmed, but the recharge was refused.',
    next: 'Call the supervisor. Do not charge again.',
  },
  'late-success': {
    word: 'Correction: paid',
    sentence: 'This charge counted as not paid; the gateway now confirms the payment.',
    next: 'Call the supervisor. Do not charge this bill again.',
  },
  'unmatched-success': {
    word: 'A payment without a charge',
    sentence: 'The gateway reports a payment for this bill that matches no charge of this till.',
    next: 'Call the supervisor.',
  },
  returned: {
    word: 'Money was returned',
    sentence: 'The gateway says that it gave the money back to the customer.',
    next: 'Call the supervisor before handing anything over.',
  },
  'settled-paid': {
    word: 'Settled: paid',
    sentence: 'A supervisor checked it; it counts as paid.',
    next: 'Do not charge this bill again.',
  },
  'settled-not-paid': {
    word: 'Settled: not paid',
    sentence: 'A supervisor checked it; it counts as not paid. The till keeps watching.',
    next: 'The bill can be charged again.',
  },
  'settled-credited': {
    word: 'Settled: credited',
    sentence: 'Paid; a supervisor saw the credit on the card.',
    next: 'Do not recharge again.',
  },
  'settled-not-credited': {
    word: 'Settled: not credited',
    sentence: 'Paid; a supervisor saw that the card was not credited.',
    next: 'Do as the supervisor says.',
  },
  'settled-applied': {
    word: 'Settled: counted for this bill',
    sentence: 'A supervisor applied the late payment to this bill.',
    next: 'Do not charge this bill again.',
  },
  'settled-refund': {
    word: 'Settled: refund',
    sentence: 'A supervisor decided that the selling system gives the money back.',
    next: 'Do as the supervisor says.',
  },
  released: {
    word: 'Paid, bill number freed',
    sentence: 'This charge is paid; a supervisor freed the bill number.',
    next: 'The bill number can be used again.',
  },
};
