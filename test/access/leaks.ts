import type { Answer } from './client.js';
import type { Subject } from './world.js';

/** Everything by which one of the owner's customers could be known again; amounts too, as they stand alone. */
const CANARY = /金丝雀|canary|75319/i;

/** Places of an answer that hold something of a customer whom its reader may not see; none is what must be. */
export function leaksIn({ text, headers }: Answer, subjects: readonly Subject[], { ids = true } = {}): string[] {
  const all = [text, ...Object.values(headers), cursorIn(text)].join('\n');
  const found = CANARY.exec(all);
  const near = found ? [all.slice(Math.max(0, found.index - 40), found.index + 60)] : [];
  const known = ids ? subjects.flatMap((subject) => Object.values(subject)).filter((id) => all.includes(id)) : [];
  return [...near, ...known];
}

/** A cursor is opaque, which hides nothing. */
function cursorIn(text: string): string {
  const cursor = /"nextCursor":"([^"]+)"/.exec(text)?.[1] ?? '';
  return Buffer.from(cursor, 'base64url').toString('utf8');
}
