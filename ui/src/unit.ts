// The unit of every length: one rem is a 64th of the window's width or a 48th of its height, whichever is less, so that the layout has
// room for at least 64 × 48 of them on any screen, from 1024 × 768 to 4K, however the system scales it. It is measured here and not
// written in the style sheet, since WebKitGTK multiplies a root font size in vw or vh by the system's text scaling a second time.

const WIDE = 64;
const HIGH = 48;
/** In pixels of the page: the customer's least window, and what would only be shouting. */
const LEAST = 4;
const MOST = 64;
/** From here on the system scales, and a pixel of the page is larger than one of glass. */
const SCALED = 1.1;

type Measures = Pick<Window, 'innerWidth' | 'innerHeight' | 'outerWidth' | 'devicePixelRatio'>;

export function unitOf({ innerWidth, innerHeight }: Measures): number {
  return Math.min(MOST, Math.max(LEAST, Math.min(innerWidth / WIDE, innerHeight / HIGH)));
}

/** WebKitGTK scales texts without telling it in `devicePixelRatio`: the page is then smaller than its window. */
export function isScaled({ innerWidth, outerWidth, devicePixelRatio }: Measures): boolean {
  return devicePixelRatio * Math.max(1, outerWidth / innerWidth) >= SCALED;
}

/** Sets the unit of this page now and whenever its window changes. */
export function keepUnit(): void {
  const set = (): void => {
    const root = document.documentElement;
    root.style.fontSize = `${unitOf(window)}px`;
    root.toggleAttribute('data-scaled', isScaled(window));
  };
  set();
  addEventListener('resize', set);
}
