// The unit of every length, from the least window to 4K, and a system that scales.
import { expect, test } from 'vitest';
import { isScaled, keepUnit, unitOf } from '../src/unit';

const window = (innerWidth: number, innerHeight: number, outerWidth = innerWidth, devicePixelRatio = 1) => ({ innerWidth, innerHeight, outerWidth, devicePixelRatio });

test('the layout has at least 64 × 48 units on every screen', () => {
  for (const [width, height] of [[1024, 700], [1024, 768], [1366, 768], [1920, 1080], [3840, 2160], [1080, 1920], [512, 384], [819, 614]] as const) {
    const unit = unitOf(window(width, height));
    expect(width / unit).toBeGreaterThanOrEqual(64);
    expect(height / unit).toBeGreaterThanOrEqual(48);
  }
  expect(unitOf(window(3840, 2160))).toBe(45);
});

test('scaling is known by the pixels of the glass, or by a page that is smaller than its window', () => {
  expect(isScaled(window(1280, 860))).toBe(false);
  expect(isScaled(window(1280, 860, 1296))).toBe(false);
  expect(isScaled(window(1024, 576, 1040, 1.25))).toBe(true);
  expect(isScaled(window(1280, 720, 1920))).toBe(true);
});

test('a window that changes its size changes the unit', () => {
  keepUnit();
  const root = document.documentElement;
  Object.assign(globalThis, { innerWidth: 1024, innerHeight: 768, outerWidth: 1024 });
  dispatchEvent(new Event('resize'));
  expect(root.style.fontSize).toBe('16px');
  expect(root.hasAttribute('data-scaled')).toBe(false);
  Object.assign(globalThis, { innerWidth: 512, innerHeight: 384 });
  dispatchEvent(new Event('resize'));
  expect(root.style.fontSize).toBe('8px');
  expect(root.hasAttribute('data-scaled')).toBe(true);
});
