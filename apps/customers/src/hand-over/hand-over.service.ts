import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { AppError, notFound } from '#contracts/errors';
import type { createHandOver, findHoldings, HandOver, HandOverQuery, previewHandOver } from '#contracts/hand-overs';
import type { Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import { assertRole } from '#platform/rights';
import { AccessService } from '../access/access.service.js';
import { DelegationService } from '../delegation/delegation.service.js';
import { LogService } from '../log/log.service.js';
import { checkUndo } from '../transfer/transfer.rules.js';
import { TransferService } from '../transfer/transfer.service.js';
import { UserService } from '../user/user.service.js';
import { HandOverRepository, type HandOverRow } from './hand-over.repository.js';
import { checkReceivers, dealt } from './hand-over.rules.js';

/** A leaver's customers and delegations, given away in one act and taken back in one. */
@Injectable()
export class HandOverService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly handOvers: HandOverRepository,
    private readonly transfers: TransferService,
    private readonly delegations: DelegationService,
    private readonly access: AccessService,
    private readonly users: UserService,
    private readonly log: LogService,
    private readonly idempotency: Idempotency,
  ) {}

  async holdings(call: Call, userId: string): Promise<z.output<typeof findHoldings.output>> {
    assertRole(call, 'hand-overs.manage');
    await this.known(userId);
    const { manager } = this.dataSource;
    const customerIds = await this.handOvers.inOrderOfNames(manager, userId);
    const { given, received } = await this.delegations.countOf(manager, userId);
    return { customerIds, delegationsGiven: given, delegationsReceived: received };
  }

  /** What `create` would deal out; the errors of `checkPeople`. */
  async preview(
    call: Call,
    { userId, toUserIds }: z.output<typeof previewHandOver.input>,
  ): Promise<z.output<typeof previewHandOver.output>> {
    assertRole(call, 'hand-overs.manage');
    await this.checkPeople(userId, toUserIds);
    const shares = dealt(await this.handOvers.inOrderOfNames(this.dataSource.manager, userId), toUserIds);
    return { receivers: shares.map(({ userId: id, customers }) => ({ userId: id, customerIds: customers })) };
  }

  /** All or nothing. Errors: those of `checkPeople`; `rule-violated/nothing-to-hand-over`. */
  async create(call: Call, input: z.output<typeof createHandOver.input>): Promise<HandOver> {
    assertRole(call, 'hand-overs.manage');
    const { userId, toUserIds, reason } = input;
    await this.checkPeople(userId, toUserIds);
    return this.dataSource.transaction(async (tx) => {
      const id = await this.idempotency.once(tx, call, input, async () => {
        const by = { userId: call.actor.userId };
        const held = await this.access.disposable(tx, call.actor, { ownerId: userId }, 'FOR UPDATE');
        const customers = new Map(held.map((customer) => [customer.id, customer]));
        const order = (await this.handOvers.inOrderOfNames(tx, userId)).flatMap((one) => customers.get(one) ?? []);
        const handOver = { id: uuidv7(), userId, customerCount: order.length, reason, madeBy: by.userId };
        await this.handOvers.insert(tx, handOver);
        await this.transfers.makeParts(tx, call.actor, handOver, dealt(order, toUserIds));
        // After the owners, as a transfer does: whoever holds several things takes them in one order.
        const delegationIds = await this.delegations.endOf(tx, userId, by);
        if (order.length + delegationIds.length === 0) throw new AppError('rule-violated', 'nothing-to-hand-over');
        await this.handOvers.noteDelegations(tx, handOver.id, delegationIds);
        const details = { userId, toUserIds, reason, customerCount: order.length, delegationIds };
        await this.log.record(tx, by, [{ resource: 'hand-over', resourceId: handOver.id, action: 'made', details }]);
        return handOver.id;
      });
      return shown(await this.found(tx, id));
    });
  }

  async list(call: Call, query: z.output<typeof HandOverQuery>): Promise<Page<HandOver>> {
    assertRole(call, 'hand-overs.manage');
    const page = await this.handOvers.list(this.dataSource.manager, call.actor.userId, query);
    return { ...page, items: page.items.map(shown) };
  }

  /** For seven days: customers go back, and delegations that would still run, run again. Errors: those of `checkUndo`. */
  async undo(call: Call, handOverId: string): Promise<HandOver> {
    assertRole(call, 'hand-overs.manage');
    return this.dataSource.transaction(async (tx) => {
      await this.idempotency.once(tx, call, { undo: handOverId }, async () => {
        const by = { userId: call.actor.userId };
        const handOver = await this.found(tx, handOverId, 'FOR UPDATE');
        checkUndo(handOver, []);
        await this.transfers.undoParts(tx, call.actor, handOver);
        await this.delegations.resume(tx, handOver.delegationIds, by);
        await this.handOvers.markUndone(tx, handOverId, by.userId);
        const details = { userId: handOver.userId, customerCount: handOver.customerCount };
        await this.log.record(tx, by, [{ resource: 'hand-over', resourceId: handOverId, action: 'undone', details }]);
      });
      return shown(await this.found(tx, handOverId));
    });
  }

  /** Errors: `not-found` for a leaver whom nobody knows; those of `checkReceivers`. */
  private async checkPeople(leaverId: string, toUserIds: string[]): Promise<void> {
    await this.known(leaverId);
    const people = await Promise.all(toUserIds.map(async (id) => ({ id, person: await this.users.find(id) })));
    checkReceivers(leaverId, people);
  }

  private async known(userId: string): Promise<void> {
    if (!(await this.users.find(userId))) throw notFound();
  }

  private async found(tx: EntityManager, id: string, lock?: 'FOR UPDATE'): Promise<HandOverRow> {
    const row = await this.handOvers.find(tx, id, lock);
    if (!row) throw notFound();
    return row;
  }
}

function shown({ inTime: _inTime, createdAt, undoUntil, undoneAt, ...row }: HandOverRow): HandOver {
  const times = { createdAt: createdAt.toISOString(), undoUntil: undoUntil.toISOString() };
  return { ...row, ...times, ...(undoneAt && { undoneAt: undoneAt.toISOString() }) };
}
