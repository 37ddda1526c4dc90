// Licences of the screen's packages against the list that deny.toml has for crates; with --holes FILE, what npm audit found.
import { readFileSync } from 'node:fs';

if (process.argv[2] === '--holes') {
  console.log(holes(process.argv[3]));
} else {
  const strange = strangers();
  strange.forEach((line) => console.error(line));
  process.exit(strange.length === 0 ? 0 : 1);
}

/** `none`, `some`, or `unknown` where the answer is none. */
function holes(path) {
  try {
    const total = JSON.parse(readFileSync(path, 'utf8')).metadata.vulnerabilities.total;
    return typeof total === 'number' ? (total === 0 ? 'none' : 'some') : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Every package whose licence is not on the list. */
function strangers() {
  const list = /\nallow = \[([^\]]*)\]/.exec(readFileSync('deny.toml', 'utf8'))[1];
  const allowed = new Set([...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]));
  const fits = (licence) =>
    typeof licence === 'string' &&
    licence
      .replace(/[()]/g, '')
      .split(' OR ')
      .some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())));
  const packages = JSON.parse(readFileSync('ui/package-lock.json', 'utf8')).packages;
  return Object.entries(packages)
    .filter(([, entry]) => !entry.link && !fits(entry.license))
    .map(([path, entry]) => `${path || 'the screen itself'}: ${entry.license ?? 'no licence'} is not on the list in deny.toml`);
}
