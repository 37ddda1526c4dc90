// Sound, voice and customer screen on the cashier's screen, and the lessons of the training mode.
import { fireEvent } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { audio } from '../src/audio.svelte';
import { sale, view } from '../src/fake/views';
import { LESSONS } from '../src/rehearsal.svelte';
import { open, settle } from './open';

test('the sheet opens by its key and changes one thing at a time', async () => {
  const { host, at, press } = await open();
  await press('F5');
  await fireEvent.change(at('hall-volume'), { target: { value: '35' } });
  await fireEvent.click(at('hall-mute'));
  await fireEvent.change(at('hall-voice'), { target: { value: 'both' } });
  await fireEvent.click(at('hall-customer'));
  await settle();
  const hall = view().hall;
  expect(host.calls).toEqual([
    ['setHall', { ...hall, volume: 35 }],
    ['setHall', { ...hall, mute: true }],
    ['setHall', { ...hall, voice: 'both' }],
    ['setHall', { ...hall, customer_screen: true }],
  ]);
  await press('Escape');
  expect(document.querySelector('[data-testid="hall"]')).toBeNull();
});

test('loudness and mute reach the loudspeaker with the view', async () => {
  const heard = vi.spyOn(audio, 'setVolume');
  const { push } = await open();
  await push({ hall: { ...view().hall, volume: 20 } });
  await push({ hall: { ...view().hall, mute: true } });
  expect(heard.mock.calls.slice(-3)).toEqual([[70], [20], [0]]);
});

test('a machine without sound says so in a word, and in a sentence where one looks closer', async () => {
  const { host, at, press, push, screen } = await open();
  host.sound = false;
  await press('F5');
  await press('Escape');
  expect(at('open-hall').dataset.good).toBe('false');
  expect(at('open-hall').textContent).toContain(screen.t.hall.none);
  await press('F5');
  expect(at('hall-hearing').textContent).toBe(screen.t.hall.noneMore);
  // Muted on purpose is no trouble of the machine.
  await push({ hall: { ...view().hall, mute: true } });
  expect(at('open-hall').dataset.good).toBe('true');
});

test('every lesson is within reach of the keyboard and says what happens and what to do', async () => {
  const { host, at, press, screen } = await open({ training: true, armed: sale });
  const lessons = LESSONS.flatMap(({ lessons }) => [...lessons]);
  expect(lessons.length).toBe(11);
  for (const lesson of lessons) {
    await press('F6');
    const button = at(`lesson-${lesson}`) as HTMLButtonElement;
    expect(button.disabled).toBe(false);
    expect(button.tabIndex).toBe(0);
    const { happens, todo } = screen.t.training.lessons[lesson];
    expect(button.textContent).toContain(happens);
    await fireEvent.click(button);
    await settle();
    expect(at('lesson').title).toBe(happens);
    expect(at('lesson').textContent).toContain(todo);
    expect(document.querySelector('[data-testid="lessons"]')).toBeNull();
  }
  expect(host.calls.filter(([name]) => name === 'trainingScan').map(([, lesson]) => lesson)).toEqual(lessons);
});

test('without a confirmed sale, or with the scanner unplugged, a scan cannot be pretended', async () => {
  const { at, press, push } = await open({ training: true });
  await press('F6');
  expect((at('lesson-lost') as HTMLButtonElement).disabled).toBe(true);
  expect((at('lesson-gateway') as HTMLButtonElement).disabled).toBe(false);
  await push({ armed: sale });
  expect((at('lesson-lost') as HTMLButtonElement).disabled).toBe(false);
  const scanner = { kind: 'lost', port: 'training', reason: '' } as const;
  await push({ health: { ...view().health, scanner } });
  expect((at('lesson-lost') as HTMLButtonElement).disabled).toBe(true);
  expect((at('training-scan-paid') as HTMLButtonElement).disabled).toBe(true);
});

test('outside training there are no lessons', async () => {
  const { press } = await open();
  await press('F6');
  expect(document.querySelector('[data-testid="lessons"]')).toBeNull();
  expect(document.querySelector('main')?.className).not.toContain('wide');
});
