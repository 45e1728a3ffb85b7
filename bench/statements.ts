import { readFileSync, statSync } from 'node:fs';
import type pg from 'pg';
import { DATABASE_SERVICES, runtimeRole, type DatabaseService } from '#embedded/provision-sql';

/** A statement as PostgreSQL's log tells it. */
export interface Logged {
  service: DatabaseService;
  session: string;
  application: string;
  text: string;
  values: (string | null)[];
}

/** What services do beside requests: they carry events on, apply them, and keep watch. */
const BESIDE =
  /\bFROM outbox\b|UPDATE outbox|INTO inbox|FROM inbox|advisory_lock\(|^LISTEN|\bparked\b|\bsweeps\b|\bdigests\b/;
const PREFIX = '@hfx@';

/** Has every statement logged while `work` runs, and gives those that belong to requests. */
export class StatementLog {
  constructor(
    private readonly admin: pg.Pool,
    private readonly file: string,
  ) {}

  async during(work: () => Promise<void>): Promise<Logged[]> {
    const from = statSync(this.file).size;
    await work();
    const logged = parse(readFileSync(this.file).subarray(from).toString('utf8'));
    const beside = new Set(logged.filter(({ text }) => BESIDE.test(text)).map(({ session }) => session));
    return logged.filter(({ session }) => !beside.has(session));
  }

  async on(): Promise<void> {
    await this.admin.query(`ALTER SYSTEM SET log_line_prefix = '${PREFIX}%u@%p@%a@'`);
    await this.admin.query(`ALTER SYSTEM SET log_statement = 'all'`);
    await this.admin.query(`SELECT pg_reload_conf()`);
  }

  async off(): Promise<void> {
    await this.admin.query(`ALTER SYSTEM RESET log_line_prefix`);
    await this.admin.query(`ALTER SYSTEM RESET log_statement`);
    await this.admin.query(`SELECT pg_reload_conf()`);
  }
}

const LINE = /^([^@]*)@(\d+)@([^@]*)@(\w+): {2}([^]*)$/;
const EXECUTED = /^(?:execute [^:]*|statement): ([^]*)$/;

/** An entry goes on over lines that begin with a tab; an entry `DETAIL` has the parameters of the one before. */
function parse(log: string): Logged[] {
  const found: Logged[] = [];
  for (const entry of log.split(PREFIX)) {
    const [, role, session, application, severity, rest] = LINE.exec(entry.trimEnd()) ?? [];
    const service = DATABASE_SERVICES.find((one) => runtimeRole(one) === role);
    if (!service || session === undefined || application === undefined || rest === undefined) continue;
    const message = rest.replaceAll('\n\t', '\n');
    const text = EXECUTED.exec(message)?.[1];
    if (severity === 'LOG' && text !== undefined) found.push({ service, session, application, text, values: [] });
    if (severity === 'DETAIL' && /^parameters:/i.test(message)) {
      const last = found.findLast((one) => one.session === session);
      if (last) last.values = parametersOf(message);
    }
  }
  return found;
}

function parametersOf(detail: string): (string | null)[] {
  const values: (string | null)[] = [];
  for (const [, place, quoted] of detail.matchAll(/\$(\d+) = (?:NULL|'((?:[^']|'')*)')/g)) {
    values[Number(place) - 1] = quoted === undefined ? null : quoted.replaceAll("''", "'");
  }
  return values;
}
