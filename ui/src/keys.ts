// The keys of the screen: which press means what, and what stands on its button.

/** A function that has a key. */
export type Action =
  | 'new-sale'
  | 'to-bill'
  | 'query-now'
  | 'recharge'
  | 'pending'
  | 'history'
  | 'settings'
  | 'hall'
  | 'lessons'
  | 'help'
  | 'lock'
  | 'settle'
  | 'credit-sure'
  | 'stop-waiting'
  | 'answer-1'
  | 'answer-2'
  | 'answer-3'
  | 'take-notice'
  | 'back';

/** What stands on the buttons. The same in every language: it is printed so on the keyboard. */
export const printed: Record<Action, string> = {
  'new-sale': 'F2',
  'to-bill': 'F3',
  'query-now': 'F7',
  recharge: 'F4',
  pending: 'F10',
  history: 'Ctrl+H',
  settings: 'F9',
  hall: 'F5',
  lessons: 'F6',
  help: 'F1',
  lock: 'F8',
  settle: 'Ctrl+Enter',
  'credit-sure': 'Alt+9',
  'stop-waiting': 'Ctrl+Backspace',
  'answer-1': 'Alt+1',
  'answer-2': 'Alt+2',
  'answer-3': 'Alt+3',
  'take-notice': 'Alt+0',
  back: 'Esc',
};

/** Keys without a function of their own, as they are printed. */
export const ENTER = 'Enter';
export const ARROWS = '↑ ↓';

const PLAIN: Record<string, Action> = {
  F1: 'help',
  F2: 'new-sale',
  F3: 'to-bill',
  F4: 'recharge',
  F5: 'hall',
  F6: 'lessons',
  F7: 'query-now',
  F8: 'lock',
  F9: 'settings',
  F10: 'pending',
  Escape: 'back',
};

const WITH_ALT: Record<string, Action> = {
  Digit1: 'answer-1',
  Digit2: 'answer-2',
  Digit3: 'answer-3',
  Digit9: 'credit-sure',
  Digit0: 'take-notice',
};

const WITH_CTRL: Record<string, Action> = {
  Backspace: 'stop-waiting',
  Enter: 'settle',
  NumpadEnter: 'settle',
  KeyH: 'history',
};

/**
 * The function of a key press, by the key's place and not its character. A key that is held down acts once. Nothing that
 * moves or answers about money is a single key, Enter or Tab: a scanner sends those.
 */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.repeat || event.metaKey || event.shiftKey) return null;
  if (event.ctrlKey) return event.altKey ? null : (WITH_CTRL[event.code] ?? null);
  return (event.altKey ? WITH_ALT : PLAIN)[event.code] ?? null;
}
