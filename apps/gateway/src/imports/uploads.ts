import { setTimeout as pause } from 'node:timers/promises';
import type { MultipartFile } from '@fastify/multipart';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { line } from '#contracts/common';
import { AppError } from '#contracts/errors';
import { IMPORT_OWNER, type ImportKind, type ImportRow } from '#contracts/imports';
import { wallClock } from '#messaging/clock';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { Backend, type Answer } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';
import { linesOf } from './lines.js';
import { headerOf, inBatches, rowOf } from './rows.js';

/** How long a service that is being started again is waited for while a file still comes in, in ms. */
const PATIENCE_MS = 20_000;
/** After its end the caller waits for the answer, which is to come within 5 seconds. */
const AFTER_END_MS = 4_700;
const STEP_MS = 4_000;
const AGAIN_MS = 200;

/** The form around the file. */
const FORM_BYTES = 65_536;

/** Hands a file that is being uploaded over to the service that owns what is in it, while it comes in. */
@Injectable()
export class Uploads {
  constructor(
    private readonly backend: Backend,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * Errors: `too-large/file-too-large`; `invalid/validation` for a form that holds anything but the one `file`;
   * `invalid/malformed-request` for what is no form; `invalid/unreadable-file`; `unsupported-media-type/spreadsheet-not-supported`; the owning service's, such as unknown columns.
   */
  async receive(kind: ImportKind, dryRun: boolean, request: FastifyRequest, caller: Caller): Promise<Answer> {
    const tooLarge = () => new AppError('too-large', 'file-too-large', { limit: this.config.IMPORT_MAX_BYTES });
    if (Number(request.headers['content-length'] ?? 0) > this.config.IMPORT_MAX_BYTES + FORM_BYTES) throw tooLarge();

    const handOver = new HandOver(this.backend, kind, dryRun, request, caller);
    let file: MultipartFile | undefined;
    try {
      for await (const part of request.parts()) {
        if (part.type !== 'file' || part.fieldname !== 'file' || file) throw unexpected(part.fieldname);
        file = part;
        await handOver.take(part);
      }
    } catch (error) {
      // Whoever is still sending reads no answer before he is through.
      request.raw.unpipe();
      request.raw.resume();
      await handOver.abandon();
      // A file that is cut off at the limit may well look broken.
      if (file?.file.truncated) throw tooLarge();
      throw isBrokenForm(error) ? new AppError('invalid', 'malformed-request') : error;
    }
    if (!file) throw invalid('/file', 'required', 'The file is missing');
    return handOver.finish();
  }
}

/** One file on its way. */
class HandOver {
  private importId?: string;
  private batches = 0;
  private endedAt?: number;

  constructor(
    private readonly backend: Backend,
    private readonly kind: ImportKind,
    private readonly dryRun: boolean,
    request: FastifyRequest,
    private readonly caller: Caller,
  ) {
    request.raw.once('end', () => (this.endedAt = wallClock()));
  }

  private get owner() {
    return IMPORT_OWNER[this.kind];
  }

  async take({ file, filename }: MultipartFile): Promise<void> {
    const lines = linesOf(file);
    const first = await lines.next();
    const header = first.done ? [] : headerOf(first.value);
    if (header.length === 0) throw invalid('/file', 'empty', 'The file names no columns');

    const fileName = line(300).safeParse(filename).data ?? `${this.kind}.csv`;
    const input = { kind: this.kind, dryRun: this.dryRun, fileName, header };
    this.importId = (await this.backend.ask(this.owner.start, input, this.inTime())).id;
    for await (const rows of inBatches(rowsBelow(header, lines))) await this.append(rows);
  }

  /** The same batch sent again changes nothing, so a service that is just away is waited for. */
  private async append(rows: ImportRow[]): Promise<void> {
    const batch = this.batches++;
    const started = wallClock();
    for (;;) {
      try {
        await this.backend.pass(this.owner.append, { importId: this.importId ?? '', batch, rows }, this.inTime());
        return;
      } catch (error) {
        const away = error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout');
        if (!away || wallClock() + AGAIN_MS > this.until(started + PATIENCE_MS)) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  /** Ends the import that was begun. Who is away for that finds out by himself, a while later. */
  async abandon(): Promise<void> {
    if (this.importId === undefined) return;
    await this.backend.pass(this.owner.abandon, { importId: this.importId }, this.inTime()).catch(() => {});
  }

  finish(): Promise<Answer> {
    return this.backend.pass(
      this.owner.finish,
      { importId: this.importId ?? '', batches: this.batches },
      this.inTime(),
    );
  }

  /** Importing a file again changes nothing, so it needs no idempotency key; another file may come under the same one. */
  private inTime(): Caller {
    return { ...this.caller, idempotencyKey: undefined, deadline: this.until(wallClock() + STEP_MS) };
  }

  private until(moment: number): number {
    return Math.min(moment, (this.endedAt ?? Infinity) + AFTER_END_MS);
  }
}

async function* rowsBelow(header: string[], lines: AsyncIterable<string[]>): AsyncGenerator<ImportRow> {
  let number = 1;
  for await (const cells of lines) {
    const row = rowOf(++number, header, cells);
    if (row) yield row;
  }
}

/** The parser's errors have no code, only their words. */
const isBrokenForm = (error: unknown) => error instanceof Error && /multipart|the needle/i.test(error.message);

const invalid = (pointer: string, code: string, message: string) =>
  new AppError('invalid', 'validation', { errors: [{ pointer, code, message }] });
const unexpected = (name: string) => invalid(`/${name}`, 'unknown-field', 'Only one file, in the field "file"');
