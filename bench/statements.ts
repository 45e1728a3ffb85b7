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

/** What services do beside requests: they carry events on, apply them, tell live who sees what, and look for work. */
const BESIDE = new RegExp(
  [
    String.raw`\b(FROM|UPDATE|INTO) (inbox|parked|sweep|digest)|\b(FROM|UPDATE) outbox`,
    String.raw`advisory_(un)?lock\(|^(UN)?LISTEN|import_job\b[^]*next_at|^SELECT app\.now\(\) AS now`,
    String.raw`\bAS deleted FROM customers\b|\bSELECT delegate_id AS id FROM delegations\b`,
  ].join('|'),
);
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
    return transactionsOf(logged)
      .filter((statements) => !statements.some(({ text }) => BESIDE.test(text)))
      .flat();
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

/** Each with all of its statements, from its first to its commit; what stands alone is one by itself. */
function transactionsOf(logged: Logged[]): Logged[][] {
  const open = new Map<string, Logged[]>();
  const all: Logged[][] = [];
  for (const statement of logged) {
    let transaction = open.get(statement.session);
    // The end of one that began before.
    if (!transaction && ENDS.test(statement.text)) continue;
    if (!transaction) all.push((transaction = []));
    if (BEGINS.test(statement.text)) open.set(statement.session, transaction);
    transaction.push(statement);
    if (ENDS.test(statement.text)) open.delete(statement.session);
  }
  return all;
}

export const BEGINS = /^(BEGIN|START TRANSACTION)/i;
export const ENDS = /^(COMMIT|ROLLBACK)/i;

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
