// Looks at the page as it is: what is cut off, too small, too pale, or moved. Run by the gallery, inside the window.
window.exam = (() => {
  const by = (id) => document.querySelector(`[data-testid="${id}"]`);
  const round = (n) => Math.round(n * 10) / 10;

  /** Red, green, blue and opacity, each from 0 to 1. */
  function colour(text) {
    const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
    const [r, g, b, a = 1] = numbers;
    return text.startsWith('color(') ? [r, g, b, a] : [r / 255, g / 255, b / 255, a];
  }

  const over = (top, below) => [0, 1, 2].map((n) => top[n] * top[3] + below[n] * (1 - top[3])).concat(1);

  /** What stands behind an element, all layers put together. */
  function backdrop(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(colour(getComputedStyle(at).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), [1, 1, 1, 1]);
  }

  function luminance([r, g, b]) {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  }

  function ratio(element, style) {
    const behind = backdrop(element);
    const ink = colour(style.color);
    for (let at = element; at; at = at.parentElement) ink[3] *= +getComputedStyle(at).opacity;
    const [light, dark] = [luminance(over(ink, behind)), luminance(behind)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const hidden = (element) => element.closest('.unseen') !== null || element.closest('[inert]') !== null;

  /** Every text with its contrast, the palest first. */
  function contrasts(root) {
    const found = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode.textContent.trim();
      const element = texts.currentNode.parentElement;
      if (text === '' || !seen(element) || hidden(element)) continue;
      found.push({ text: text.slice(0, 30), ratio: ratio(element, getComputedStyle(element)) });
    }
    for (const field of root.querySelectorAll('input')) {
      if (!seen(field) || hidden(field)) continue;
      const style = getComputedStyle(field, field.value === '' && field.placeholder ? '::placeholder' : null);
      if (field.value || field.placeholder) found.push({ text: field.value || field.placeholder, ratio: ratio(field, style) });
    }
    return found.sort((a, b) => a.ratio - b.ratio);
  }

  /** In pixels of the glass: of the least window, which is 700 high, a control is a sixteenth. */
  const FINGER_SCALED = 43.5;

  const name = (element) => element.dataset.testid ?? element.id ?? element.outerHTML.slice(0, 80);

  function controls() {
    return [...document.querySelectorAll('button, input, select, [role="option"]')].filter((e) => seen(e) && !hidden(e));
  }

  /** Pixels of the glass in one of the page. */
  const scale = () => devicePixelRatio * Math.max(1, outerWidth / innerWidth);

  /** Controls that a finger misses; a label around a box is pressed as well as the box. */
  function small() {
    const finger = scale() < 1.1 ? 47.5 : FINGER_SCALED / scale();
    return controls().flatMap((element) => {
      const { width, height } = (element.closest('label') ?? element).getBoundingClientRect();
      return Math.min(width, height) < finger ? [`${name(element)} ${round(width)}×${round(height)}`] : [];
    });
  }

  /** Something around it can be scrolled, so that it comes into sight when it is wanted. */
  function scrolls(element) {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight + 1) return true;
    }
    return false;
  }

  /** Controls that lie outside the window or under something else, unless they only wait to be scrolled to. */
  function covered() {
    return controls().flatMap((element) => {
      if (scrolls(element)) return [];
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) return [`${name(element)} outside`];
      const at = document.elementFromPoint(left + width / 2, top + height / 2);
      return element.contains(at) || at?.contains(element) ? [] : [`${name(element)} under ${at && name(at)}`];
    });
  }

  /** What does not fit its place: texts of the panel, texts on buttons, and whatever would have to be scrolled sideways. */
  function cut() {
    const panel = by('charge-state');
    const parts = panel ? [panel, ...panel.querySelectorAll('h1, .message, .amount, .about, .counter, .question')] : [];
    const clips = (e) => getComputedStyle(e).overflowY !== 'visible' || e === document.documentElement;
    const over = (e) => e.scrollWidth > e.clientWidth + 1 || (clips(e) && e.scrollHeight > e.clientHeight + 1);
    const cutParts = [...parts, document.documentElement].filter(over).map((e) => String(e.className || e.tagName));
    return cutParts.concat(sideways());
  }

  const read = (e) => `${e.className || e.tagName}: ${e.textContent.trim().slice(0, 40)}`;

  /** Text that sticks out of what holds it, or out of the window, and places that scroll sideways. */
  function sideways() {
    const all = [...document.querySelectorAll('body *')].filter((e) => e instanceof HTMLElement && seen(e) && !hidden(e));
    const wide = (e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
    const shut = (e) => e.matches('button, [role="tab"]') || (getComputedStyle(e).overflowX !== 'visible' && !ELLIPSIS.some((one) => e.matches(one)));
    const outside = (e) => {
      const { left, right, width } = e.getBoundingClientRect();
      return width > 0 && e.children.length === 0 && e.textContent.trim() !== '' && (left < -1 || right > innerWidth + 1);
    };
    return all.filter((e) => (wide(e) && shut(e)) || outside(e)).map(read);
  }

  /** What may end in an ellipsis, for all of it is elsewhere: in the field itself, in the history, in the details. */
  const ELLIPSIS = ['input', '.what', '.error'];

  function place(element) {
    if (!element) return null;
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left, top, width, height].map(round);
  }

  function geometry() {
    const panel = by('charge-state');
    if (!panel) return null;
    const [, top, , height] = place(panel.querySelector('.amount')) ?? [];
    return { panel: place(panel), disc: place(panel.querySelector('.disc')), amount: [top, height], bill: place(by('bill')) };
  }

  function words() {
    const panel = by('charge-state');
    if (!panel) return null;
    const text = (where) => panel.querySelector(where)?.textContent.trim() ?? '';
    const icon = panel.querySelector('.disc svg').innerHTML;
    return { word: text('h1'), sentence: text('.sentence'), next: text('.next'), tone: panel.dataset.tone, icon };
  }

  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  async function axe() {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  }

  /** Gives the page a view as the program's own event would. */
  function show(payload) {
    const listeners = window['__internal_unstable_listeners_object_id__'].view;
    window['__internal_unstable_listeners_function_id__']({ event: 'view', payload }, Object.getOwnPropertyNames(listeners).map(Number));
  }

  const ask = window.fetch.bind(window);
  let answers = {};
  let waiting = null;
  let seenNumber = null;

  /** Gives these commands these answers from now on, and asks the program for everything else. */
  function answer(these) {
    answers = these;
  }

  /** The page that asks for its next view gets this one. */
  function next(view) {
    if (!waiting) throw new Error('nobody asks for a view');
    waiting(reply(view));
    waiting = null;
  }

  /** The number of the view that the page has when it asks for the next. */
  const asked = () => seenNumber;

  function reply(body, ok = true) {
    return new Response(JSON.stringify(body), { headers: { 'Tauri-Response': ok ? 'ok' : 'error', 'content-type': 'application/json' } });
  }

  window.fetch = (where, how) => {
    const command = String(where).split('/').at(-1);
    const given = answers[command];
    if (given === undefined) return ask(where, how);
    if (given === 'next') {
      seenNumber = JSON.parse(how.body).seen;
      return new Promise((done) => (waiting = done));
    }
    return Promise.resolve('refused' in given ? reply(given.refused, false) : reply(given.done));
  };

  async function all(withAxe) {
    await painted();
    const pale = contrasts(document.body);
    const inPanel = contrasts(by('charge-state') ?? document.body);
    return {
      words: words(),
      geometry: geometry(),
      cut: cut(),
      small: small(),
      covered: covered(),
      pale: pale.filter(({ ratio }) => ratio < 4.5).map(({ text, ratio }) => `${text} ${ratio.toFixed(2)}`),
      palest: pale[0]?.ratio ?? 21,
      palestOfPanel: inPanel[0]?.ratio ?? 21,
      axe: withAxe ? await axe() : [],
    };
  }

  return { show, answer, next, asked, all };
})();
