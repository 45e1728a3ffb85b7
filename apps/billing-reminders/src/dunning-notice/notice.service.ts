import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import type { Actor, Scope } from '#contracts/context';
import type { Doer } from '#contracts/event';
import type * as notices from '#contracts/dunning-notices';
import { notFound } from '#contracts/errors';
import type { Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { fold } from '#text/fold';
import { ruleViolated } from '../faults.js';
import { Organisation } from '../organisation/organisation.service.js';
import { ScopeService } from '../scope/scope.service.js';
import { NoticeRepository, type Addressee, type NewNotice } from './notice.repository.js';
import { letterFor, payByDate, totalOf, type Line } from './notice.rules.js';
import { issued, printed, viewOf } from './notice.view.js';

type Skipped = z.output<typeof notices.SkippedCustomer>;
interface Made {
  ids: string[];
  skipped: Skipped[];
}

@Injectable()
export class NoticeService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notices: NoticeRepository,
    private readonly organisation: Organisation,
    private readonly scopes: ScopeService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Errors: `not-found` when the caller doesn't see one of the customers; `rule-violated/pay-by-in-past`. */
  async issue(
    call: Call,
    { scope, ...input }: z.output<typeof notices.issueDunningNotices.input>,
  ): Promise<z.output<typeof notices.issueDunningNotices.output>> {
    await this.scopes.caughtUp(scope);
    return this.dataSource.transaction(async (tx) => {
      const { ids, skipped } = await this.idempotency.once(tx, call, ['notices', input], () =>
        this.write(tx, call.actor, scope, input),
      );
      return { items: await this.shown(tx, scope, ids), skipped };
    });
  }

  async list(
    { userId }: Actor,
    { scope, limit, cursor, ...filter }: z.output<typeof notices.listDunningNotices.input>,
  ): Promise<Page<notices.DunningNotice>> {
    const binding = { actorId: userId, filter };
    const [before] = decodeCursor(binding, cursor, byId) ?? [];
    const { q, ...rest } = filter;
    const text = q === undefined ? undefined : fold(q);
    const rows = await this.scopes.readOnce(scope, (tx) =>
      this.notices.page(tx, scope, { ...rest, text, before, limit: limit + 1 }),
    );
    const page = pageOf(rows, limit, binding, ({ id }) => [id]);
    return { ...page, items: page.items.map(viewOf) };
  }

  /** Errors: `not-found`, also when its customer isn't the caller's to see any more. */
  async get({ noticeId, scope }: z.output<typeof notices.getDunningNotice.input>): Promise<notices.DunningNotice> {
    const [notice] = await this.scopes.readOnce(scope, (tx) => this.shown(tx, scope, [noticeId]));
    return notice!;
  }

  /** All of them, or none: `not-found`. */
  async print(
    actor: Actor,
    { noticeIds, scope }: z.output<typeof notices.printDunningNotices.input>,
  ): Promise<{ items: notices.DunningNotice[] }> {
    const ids = [...new Set(noticeIds)];
    await this.scopes.caughtUp(scope);
    return this.dataSource.transaction(async (tx) => {
      const found = await this.shown(tx, scope, ids);
      const prints = await this.notices.notePrints(tx, ids, actor.userId);
      const customerIds = found.map(({ customerId }) => customerId);
      const addressees = await this.notices.addressees(tx, scope, [...new Set(customerIds)]);
      const owners = new Map(addressees.map(({ id, ownerId }) => [id, ownerId]));
      const by = ({ customerId }: notices.DunningNotice) => doer(actor, owners.get(customerId) ?? actor.userId);
      await this.outbox.addMany(
        tx,
        found.map((notice) => printed(prints.get(notice.id)!, notice, by(notice))),
      );
      return { items: await this.shown(tx, scope, ids) };
    });
  }

  private async write(
    tx: EntityManager,
    actor: Actor,
    scope: Scope,
    { customerIds, payBy }: z.output<typeof notices.NewDunningNotices>,
  ): Promise<Made> {
    const today = this.clock.today();
    const settings = await this.organisation.settings(tx);
    if (payBy !== undefined && payBy < today) {
      throw ruleViolated('pay-by-in-past', '/payBy', 'Not before today');
    }
    const wanted = [...new Set(customerIds)];
    const found = new Map((await this.notices.addressees(tx, scope, wanted)).map((each) => [each.id, each]));
    if (found.size < wanted.length) throw notFound();

    const dues = await this.notices.dues(tx, wanted, today, settings.serviceFeeLead);
    const letters: { addressee: Addressee; lines: Line[] }[] = [];
    const skipped: Skipped[] = [];
    for (const customerId of wanted) {
      const addressee = found.get(customerId)!;
      const letter = letterFor(dues.filter((due) => due.customerId === customerId));
      if ('skipped' in letter) skipped.push({ customerId, reason: letter.skipped });
      else letters.push({ addressee, lines: letter.lines });
    }
    if (letters.length === 0) return { ids: [], skipped };

    const numbers = await this.notices.takeNumbers(tx, today.slice(0, 4), letters.length);
    const made = letters.map(({ addressee, lines }, place): NewNotice => {
      const { id: customerId, name: customerName, foldedName, ownerId } = addressee;
      const { letterhead, currency } = settings;
      const content = {
        ...{ customerName, language: addressee.language ?? settings.language, letterhead, currency },
        ...{ payBy: payBy ?? payByDate(today, settings.calendar), lines, total: totalOf(lines) },
      };
      const { userId: issuedById, forUserId = null } = doer(actor, ownerId);
      const origin = { id: uuidv7(), number: numbers[place]!, customerId, foldedName };
      return { ...origin, issuedOn: today, issuedById, issuedForId: forUserId, content };
    });
    await this.notices.insert(tx, made);
    await this.outbox.addMany(
      tx,
      made.map((notice) => issued(notice, doer(actor, found.get(notice.customerId)!.ownerId))),
    );
    return { ids: made.map(({ id }) => id), skipped };
  }

  /** In the order of these ids. Errors: `not-found` when the scope doesn't show them all. */
  private async shown(tx: EntityManager, scope: Scope, ids: string[]): Promise<notices.DunningNotice[]> {
    const found = new Map((await this.notices.find(tx, scope, ids)).map((row) => [row.id, viewOf(row)]));
    return ids.map((id) => {
      const notice = found.get(id);
      if (!notice) throw notFound();
      return notice;
    });
  }
}

/** A salesperson who is not the owner covers for him; finance and administrators act for themselves. */
const doer = ({ userId, role }: Actor, ownerId: string): Doer =>
  role === 'salesperson' && ownerId !== userId ? { userId, forUserId: ownerId } : { userId };
