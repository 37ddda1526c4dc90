// Somebody else's script in the page: calls whatever there is, in every order, with every shape of argument, and hands back what it
// was told. Loaded before each storm; `window.storm(plan, done)` begins one.

window.storm = (plan, done) => {
  document.body.replaceChildren();
  const { commands, good, lures, seed } = plan;
  const invoke = window.__TAURI_INTERNALS__.invoke;

  let state = seed;
  const below = (end) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * end);
  };
  const pick = (list) => list[below(list.length)];

  const nested = (depth) => {
    let value = 1;
    for (let n = 0; n < depth; n++) value = n % 2 ? [value] : { value };
    return value;
  };
  const long = 'A'.repeat(100_000);
  // Texts that mean something to somebody: paths, formulas, markup, codes, names of prototypes, signs that turn the reading direction.
  const texts = ['', ' ', '\u0000', '\u202e12', '\ud800', '💳窗口', long, '../../x', '=1+1', '<b>x</b>', '__proto__', 'paid', "'; --", ...lures];
  const others = [null, 0, -1, 7, 1.5, 1e308, NaN, 9007199254740993, [], {}, [[]], nested(60), nested(300), [long], { $ne: null }, lures];
  const odd = [...texts, ...others];

  /** A right value with one thing in it that is wrong. */
  const bent = (value) => {
    if (Array.isArray(value)) return [[...value, null], Array(2_000).fill(value[0] ?? 0), ...bent(value[0] ?? null).map((one) => [one])];
    if (value === null || typeof value !== 'object') return [];
    const keys = Object.keys(value);
    const without = (key) => Object.fromEntries(keys.filter((one) => one !== key).map((one) => [one, value[one]]));
    const inner = [null, -1, 1e308, '', long, lures[0], [], {}];
    return keys.flatMap((key) => [without(key), ...inner.map((one) => ({ ...value, [key]: one }))]);
  };

  const told = new Set();
  const counts = {};
  const slow = {};
  let calls = 0;
  const note = (command, how, what) => {
    calls++;
    const row = (counts[command] ??= { done: 0, refused: 0, denied: 0, why: {} });
    row[how]++;
    const text = JSON.stringify(what) ?? 'undefined';
    if (how === 'refused') row.why[text.slice(0, 80)] = true;
    told.add(text);
  };
  const call = async (command, given, options) => {
    let how, what;
    const since = performance.now();
    try {
      [how, what] = ['done', await invoke(command, given, options)];
    } catch (error) {
      what = error instanceof Error ? error.message : error;
      how = String(what).includes('not allowed') ? 'denied' : 'refused';
    }
    slow[command] = (slow[command] ?? 0) + performance.now() - since;
    note(command, how, what);
  };

  const first = (command) => Object.fromEntries(command.args.map((name) => [name, good[name][0]]));
  const any = (command) => Object.fromEntries(command.args.map((name) => [name, pick(good[name])]));
  /** After these nothing but a refusal would come from all others. */
  const shuts = ['lock', 'unlock', 'sign_out', 'sign_in'];
  const open = async () => {
    await call('unlock', { operator: 'S0107', takeOver: true });
    await call('sign_in', { operator: 'S0107' });
  };

  /** Each command with each of its arguments in every shape, with one missing, and with everything else than arguments. */
  const shapes = async (command) => {
    for (const name of command.args) {
      const values = [...good[name], ...bent(good[name][0]), ...odd];
      for (const value of values) await call(command.name, { ...first(command), [name]: value });
      const missing = first(command);
      delete missing[name];
      await call(command.name, missing);
    }
    await call(command.name, {});
    await call(command.name, { ...first(command), operator_: 1, [long]: long, charge: null });
    for (const payload of [null, [], 7, 'x', [1, 2, 3], new Uint8Array([123, 34]), new ArrayBuffer(70_000), lures[0]]) {
      await call(command.name, payload, { headers: { 'Content-Type': 'application/json', 'X-Long': 'y'.repeat(4_000) } });
    }
    await call(command.name, first(command));
    if (shuts.includes(command.name)) await open();
  };

  /** Every command right after every other and after itself, once each: what locks and signs out comes first, so that the rest is open. */
  const orders = async () => {
    const doors = ['lock', 'sign_out', 'unlock', 'sign_in'];
    const [shut, rest] = [doors.map((name) => commands.find((one) => one.name === name)), commands.filter(({ name }) => !doors.includes(name))];
    const all = [...shut, ...rest];
    for (let one = 0; one < all.length; one++) {
      await open();
      await call(all[one].name, first(all[one]));
      for (const other of all.slice(one + 1)) {
        await call(all[one].name, first(all[one]));
        await call(other.name, first(other));
      }
    }
    await open();
  };

  const anything = async () => {
    const command = pick(commands);
    // Locked, nothing else would answer.
    if (command.name === 'lock' && below(8)) return;
    const given = any(command);
    if (!below(3)) given[pick(commands).args[0] ?? 'x'] = pick(odd);
    if (!below(3) && command.args.length) given[pick(command.args)] = pick(odd);
    await call(command.name, given);
    if (shuts.includes(command.name) || !below(40)) await open();
  };

  /** Below the bridge: bytes that no bridge would send, under the key that the bridge itself uses. */
  const raw = async () => {
    let key = '';
    const fetched = window.fetch;
    window.fetch = (address, request) => {
      key = request?.headers?.get?.('Tauri-Invoke-Key') ?? key;
      return fetched(address, request);
    };
    await call('snapshot', {});
    window.fetch = fetched;
    const bodies = ['', 'null', '{', '{"operator":', '{"operator":NaN}', '{"a":1e999}', '{"charge":"\\ud800"}', '[' + '['.repeat(60_000),
      '{"a":'.repeat(60_000), '{"operator":"a","operator":"b"}', '\ufeff{}', long, new Uint8Array([255, 254, 0, 34]), new Uint8Array(300_000)];
    // Some are never answered, and that is an answer: the program takes no part in them.
    const limited = (promise, limit) => Promise.race([promise, new Promise((_, late) => setTimeout(() => late('unanswered'), limit))]);
    const send = async (name, body, more = {}, limit = 20_000) => {
      const headers = { 'Content-Type': 'application/json', 'Tauri-Callback': '1', 'Tauri-Error': '2', 'Tauri-Invoke-Key': key, ...more };
      try {
        const request = fetched(`ipc://localhost/${encodeURIComponent(name)}`, { method: 'POST', body, headers });
        const answer = await limited(request, limit);
        const text = await answer.text();
        const how = answer.headers.get('Tauri-Response') === 'ok' ? 'done' : text.includes('not allowed') ? 'denied' : 'refused';
        note(name, how, text);
      } catch (error) {
        note(name, 'refused', String(error));
      }
    };
    for (const command of commands) {
      for (const body of bodies) await send(command.name, body);
      if (command.name === 'lock') await open();
    }
    const heads = [{ 'Tauri-Invoke-Key': 'x' }, { 'Tauri-Invoke-Key': '' }, { 'Tauri-Callback': 'x' }, { 'Tauri-Callback': '99999999999999999999' },
      { 'Tauri-Error': '-1' }, { 'Content-Type': 'text/x; y="' }, { 'Content-Type': 'application/octet-stream' }, { Origin: 'null' }];
    await Promise.all(heads.map((more) => send('sign_out', '{}', more, 400)));
    for (const name of ['', '/', '%', '..', 'a/b', long.slice(0, 5_000), '\u0000', 'Snapshot', 'plugin:', 'plugin:|', '__initialized']) await send(name, '{}');
    // The older way in: one text to the program's message handler.
    const message = (cmd, payload) => JSON.stringify({ cmd, callback: 1, error: 2, payload, options: {}, __TAURI_INVOKE_KEY__: key });
    const say = window.ipc?.postMessage ?? ((text) => window.webkit.messageHandlers.ipc.postMessage(text));
    for (const text of ['', 'null', '{', long, '['.repeat(60_000), message('snapshot', NaN), message('nowhere', {}), message('', []), message('arm', nested(300))]) {
      calls++;
      say(text);
    }
    for (const command of commands.filter(({ name }) => !shuts.includes(name) && name !== 'lock')) {
      calls++;
      say(message(command.name, first(command)));
    }
    return key.length;
  };

  const plugins = async () => {
    for (const name of plan.plugins) {
      for (const given of [{}, null, plan.plugin_arguments, { ...plan.plugin_arguments, label: long, value: nested(300), rid: -1 }]) {
        await call(`plugin:${name}`, given);
      }
    }
  };

  const four = async (jobs) => {
    const worker = async () => {
      for (let job = jobs.pop(); job; job = jobs.pop()) await job();
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
  };

  const all = async () => {
    const begun = Date.now();
    const took = {};
    const phase = async (name, work) => {
      const since = Date.now();
      const before = calls;
      const answer = await work();
      took[name] = [calls - before, Date.now() - since];
      return answer;
    };
    if (plan.opens) await open();
    if (plan.shapes) {
      const apart = (command) => shuts.includes(command.name);
      await phase('shapes', () => four(commands.filter((command) => !apart(command)).map((command) => () => shapes(command))));
      await phase('shapes of doors', async () => {
        for (const command of commands.filter(apart)) await shapes(command);
      });
      await phase('plugins', plugins);
    }
    const key = plan.raw ? await phase('raw', raw) : 0;
    if (plan.orders) await phase('orders', orders);
    await phase('anything', () => four(Array.from({ length: plan.calls }, () => anything)));
    const slowest = Object.entries(slow).sort(([, a], [, b]) => b - a).slice(0, 8).map(([name, ms]) => `${name} ${Math.round(ms)}`);
    return { slowest, calls, counts, key, took, ms: Date.now() - begun, told: [...told].join('\n').slice(0, 30_000_000) };
  };
  all().then(done, (error) => done({ failed: `${error} ${error?.stack}` }));
};
