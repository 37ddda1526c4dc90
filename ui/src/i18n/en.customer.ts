// The customer's screen in English.
import type { customer as chinese } from './zh-CN.customer';

export const customer: Record<keyof typeof chinese, string> = {
  training: 'TRAINING · no money moves',
  idle: 'Welcome',
  code: 'Show your payment code',
  wait: 'Please wait',
  confirm: 'Confirm on your phone',
  phone: 'Does your phone show a payment? Please tell the cashier',
  paid: 'Paid',
  'card-working': 'Your card is being credited, please wait',
  'card-done': 'Your card is credited',
  'card-ask': 'Ask the cashier about your card',
  again: 'Not charged, please show a new code',
  'not-charged': 'Not charged, please wait',
  ask: 'Please wait, our staff will help you',
};
