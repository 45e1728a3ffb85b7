import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import type { DelegationSummary } from '#contracts/delegation-summary';
import { delegationChanged, type Delegation, type DelegationQuery, type NewDelegation } from '#contracts/delegations';
import { AppError, forbidden, notFound } from '#contracts/errors';
import type { Doer } from '#contracts/event';
import type { Call } from '#messaging/handles';
import { newEvent, Outbox } from '#messaging/outbox';
import { Idempotency } from '#platform/idempotency';
import { checkReceiver, disposesOf } from '../access/access.rules.js';
import { AccessService } from '../access/access.service.js';
import type { Judged } from '../access/visible.sql.js';
import { LogService, type NewEntry } from '../log/log.service.js';
import { UserService } from '../user/user.service.js';
import { DelegationRepository, type DelegationRow } from './delegation.repository.js';
import { checkDelegation } from './delegation.rules.js';

@Injectable()
export class DelegationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly delegations: DelegationRepository,
    private readonly access: AccessService,
    private readonly users: UserService,
    private readonly log: LogService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
  ) {}

  async list(actor: Judged, query: z.output<typeof DelegationQuery>): Promise<Page<Delegation>> {
    const page = await this.delegations.list(this.dataSource.manager, actor, query);
    return { ...page, items: page.items.map(shown) };
  }

  /**
   * By the owner, or by his manager or the administrator, who names him. Errors:
   * `forbidden/owner-is-named-by-administrator`, those of `checkReceiver`, `checkDelegation` and `checkDisposable`,
   * `rule-violated/not-the-owners-customer`.
   */
  async create(call: Call, input: z.output<typeof NewDelegation>): Promise<Delegation> {
    const { actor } = call;
    const { ownerId = actor.userId, delegateId, customerIds = [], scope = 'customers' as const, reason } = input;
    if (!disposesOf(actor, ownerId)) throw forbidden('owner-is-named-by-administrator');
    checkReceiver(actor, [ownerId], delegateId);
    const [owner, delegate] = await Promise.all([this.users.find(ownerId), this.users.find(delegateId)]);
    const startsAt = input.startsAt ? new Date(input.startsAt) : null;
    const endsAt = input.endsAt ? new Date(input.endsAt) : null;
    return this.dataSource.transaction(async (tx) => {
      const id = await this.idempotency.once(tx, call, input, async () => {
        const ids = [...new Set(customerIds)];
        // Held against changing hands, so that a transfer at the same moment finds this delegation and ends it.
        const held = await this.access.disposable(tx, actor, { ids }, 'FOR SHARE');
        if (held.some((customer) => customer.ownerId !== ownerId)) {
          throw new AppError('rule-violated', 'not-the-owners-customer');
        }
        const now = await this.delegations.now(tx);
        checkDelegation({ ownerId, delegateId, startsAt: startsAt ?? now, endsAt }, { owner, delegate }, now);
        const given = {
          ownerId,
          delegateId,
          scope,
          customerIds: ids,
          startsAt,
          endsAt,
          reason,
          createdBy: actor.userId,
        };
        const made = await this.delegations.insert(tx, given);
        await this.tell(tx, { userId: actor.userId }, 'given', [made]);
        return made.id;
      });
      return shown(found(await this.delegations.find(tx, actor, id)));
    });
  }

  /** By the owner, his manager or the administrator, at any moment; what is over stays as it is. Errors: `forbidden/not-owner`. */
  async revoke({ actor }: Call, delegationId: string): Promise<Delegation> {
    return this.dataSource.transaction(async (tx) => {
      const delegation = found(await this.delegations.find(tx, actor, delegationId, 'FOR UPDATE'));
      if (!disposesOf(actor, delegation.ownerId)) throw forbidden('not-owner');
      if (delegation.state === 'revoked' || delegation.state === 'expired') return shown(delegation);
      const revoked = await this.delegations.revoke(tx, [delegationId], actor.userId);
      await this.tell(tx, { userId: actor.userId }, 'revoked', revoked);
      return shown(found(revoked[0]));
    });
  }

  /** What was done under it, also once it is over. */
  async summarize(actor: Judged, delegationId: string): Promise<DelegationSummary> {
    const { manager } = this.dataSource;
    const { id } = found(await this.delegations.find(manager, actor, delegationId));
    return { delegationId: id, ...(await this.log.underDelegation(manager, actor, id)) };
  }

  /** The customers change hands: what their former owner had delegated of them, one by one, ends. */
  async endFor(tx: EntityManager, customerIds: string[], by: Doer): Promise<void> {
    const ids = await this.delegations.naming(tx, customerIds);
    if (ids.length === 0) return;
    const { left, rows } = await this.delegations.leaveOut(tx, ids, customerIds, by.userId);
    await this.tell(tx, by, 'ended-by-transfer', rows, ({ id }) => left.get(id) ?? []);
  }

  /** How many he has given and received that run or are to come. */
  async countOf(tx: EntityManager, userId: string): Promise<{ given: number; received: number }> {
    return this.delegations.countOf(tx, userId);
  }

  /** He leaves: what he has given and received ends, as it is, so that it can be resumed. Gives what ended. */
  async endOf(tx: EntityManager, userId: string, by: Doer): Promise<string[]> {
    const ids = await this.delegations.concerning(tx, userId);
    if (ids.length === 0) return [];
    await this.tell(tx, by, 'ended-by-hand-over', await this.delegations.revoke(tx, ids, by.userId));
    return ids;
  }

  /** Those of the ended ones that would still run, of what their owners still have. */
  async resume(tx: EntityManager, ids: string[], by: Doer): Promise<void> {
    const resumed = await this.delegations.resume(tx, ids);
    if (resumed.length > 0) await this.tell(tx, by, 'resumed', resumed);
  }

  /** Whose view changed by the clock alone. */
  async turned(since: string | undefined): Promise<{ asOf: string; delegateIds: string[] }> {
    const { manager } = this.dataSource;
    const asOf = await this.delegations.now(manager);
    const delegateIds = since ? await this.delegations.turnedBetween(manager, new Date(since), asOf) : [];
    return { asOf: asOf.toISOString(), delegateIds };
  }

  async *states() {
    for (let after: string | undefined; ;) {
      const rows = await this.delegations.pageAfter(this.dataSource.manager, after, 200);
      for (const row of rows) yield { type: delegationChanged, ...stated(row, 'republished') };
      after = rows.at(-1)?.id;
      if (after === undefined) return;
    }
  }

  /** Notes it in the log of each customer that it is about, and tells it. */
  private async tell(
    tx: EntityManager,
    by: Doer,
    action: Action,
    rows: DelegationRow[],
    about = ({ customerIds }: DelegationRow) => customerIds,
  ): Promise<void> {
    await this.log.record(
      tx,
      by,
      rows.flatMap((row) => entriesOf(row, action, about(row))),
    );
    await this.outbox.addMany(
      tx,
      rows.map((row) => newEvent(delegationChanged, { ...stated(row, action), by })),
    );
  }
}

type Action = z.output<typeof delegationChanged.data>['action'];

/** One of all that somebody owns names no customer: it is for the administrator's eyes. */
function entriesOf(row: DelegationRow, action: Action, customerIds: string[]): NewEntry[] {
  const { id, ownerId, delegateId, scope, startsAt, endsAt, reason } = row;
  const details = { ownerId, delegateId, scope, startsAt, endsAt, reason };
  const about = scope === 'all' ? [undefined] : customerIds;
  return about.map((customerId) => ({ customerId, resource: 'delegation', resourceId: id, action, details }));
}

function stated(row: DelegationRow, action: Action) {
  const { id, ownerId, delegateId, scope, customerIds, version } = row;
  const [startsAt, endsAt, revokedAt] = [row.startsAt.toISOString(), iso(row.endsAt), iso(row.revokedAt)];
  const data = { id, ownerId, delegateId, scope, customerIds, startsAt, endsAt, revokedAt, action };
  return { aggregateId: id, version, data };
}

function shown({ version: _version, startsAt, endsAt, revokedAt, ...row }: DelegationRow): Delegation {
  const times = { startsAt: startsAt.toISOString(), endsAt: iso(endsAt) };
  return { ...row, ...times, ...(revokedAt && { revokedAt: revokedAt.toISOString() }) };
}

const iso = (moment: Date | null) => moment?.toISOString() ?? null;

function found(row: DelegationRow | undefined): DelegationRow {
  if (!row) throw notFound();
  return row;
}
