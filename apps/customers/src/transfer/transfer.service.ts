import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import {
  customersTransferred,
  type NewTransfer,
  type Transfer,
  type TransferPreviewRequest,
  type TransferQuery,
} from '#contracts/customers';
import { AppError, forbidden, notFound } from '#contracts/errors';
import type { Call } from '#messaging/handles';
import { newEvent, Outbox } from '#messaging/outbox';
import { Idempotency } from '#platform/idempotency';
import { checkReceiver } from '../access/access.rules.js';
import { AccessService } from '../access/access.service.js';
import type { HeldCustomer, Judged } from '../access/visible.sql.js';
import { DelegationService } from '../delegation/delegation.service.js';
import { fieldFault } from '../field-fault.js';
import { LogService, type NewEntry } from '../log/log.service.js';
import { checkMayOwn } from '../user/user.rules.js';
import { UserService } from '../user/user.service.js';
import { TransferRepository, type TransferRow } from './transfer.repository.js';
import { checkTarget, checkUndo, chunked, ownersOf, selected, type Move } from './transfer.rules.js';

type Selection = z.output<typeof TransferPreviewRequest>;

@Injectable()
export class TransferService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transfers: TransferRepository,
    private readonly access: AccessService,
    private readonly delegations: DelegationService,
    private readonly users: UserService,
    private readonly log: LogService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
  ) {}

  /** What `create` would move; the same errors. */
  async preview({ actor }: Call, selection: Selection): Promise<{ customerIds: string[]; customerCount: number }> {
    await this.checkPeople(selection);
    const customers = await this.select(this.dataSource.manager, actor, selection, '');
    return { customerIds: customers.map(({ id }) => id), customerCount: customers.length };
  }

  /**
   * All or nothing. Errors: those of `checkDisposable` and of `checkReceiver`; `rule-violated/already-owner`, `owner-disabled`, `may-not-own`,
   * `nothing-to-transfer`.
   */
  async create(call: Call, input: z.output<typeof NewTransfer>): Promise<Transfer> {
    const { actor } = call;
    const { toUserId, reason } = input;
    await this.checkPeople(input);
    return this.dataSource.transaction(async (tx) => {
      const id = await this.idempotency.once(tx, call, input, async () => {
        const customers = await this.select(tx, actor, input, 'FOR UPDATE');
        if (customers.length === 0) throw new AppError('rule-violated', 'nothing-to-transfer');
        const transferId = uuidv7();
        const fromUserIds = [...new Set(customers.map(({ ownerId }) => ownerId))].sort();
        const transfer = { id: transferId, fromUserIds, toUserId, reason, madeBy: actor.userId };
        await this.transfers.insert(tx, transfer, customers);
        const moves = customers.map((customer) => ({
          id: customer.id,
          fromOwnerId: customer.ownerId,
          toOwnerId: toUserId,
          transferId,
        }));
        await this.move(tx, actor, transferId, 'transferred', moves);
        return transferId;
      });
      return shown(found(await this.transfers.find(tx, actor, id)));
    });
  }

  async list(actor: Judged, query: z.output<typeof TransferQuery>): Promise<Page<Transfer>> {
    const page = await this.transfers.list(this.dataSource.manager, actor, query);
    return { ...page, items: page.items.map(shown) };
  }

  /** For seven days, by the administrator or whoever made it. Errors: those of `checkUndo`, `forbidden/not-maker`. */
  async undo(call: Call, transferId: string): Promise<Transfer> {
    const { actor } = call;
    return this.dataSource.transaction(async (tx) => {
      await this.idempotency.once(tx, call, { undo: transferId }, async () => {
        const transfer = found(await this.transfers.find(tx, actor, transferId, 'FOR UPDATE'));
        if (actor.role !== 'administrator' && transfer.madeBy !== actor.userId) throw forbidden('not-maker');
        const moves = await this.transfers.wayBack(tx, transferId);
        const customers = await this.access.held(tx, actor, moves.map(idOf));
        checkUndo(transfer, customers);
        await this.transfers.markUndone(tx, transferId, actor.userId);
        await this.move(tx, actor, transferId, 'undone', moves);
      });
      return shown(found(await this.transfers.find(tx, actor, transferId)));
    });
  }

  private async select(tx: EntityManager, actor: Judged, selection: Selection, lock: '' | 'FOR UPDATE') {
    const customers: HeldCustomer[] = await this.access.disposable(tx, actor, selected(selection), lock);
    checkTarget(selection.toUserId, customers);
    checkReceiver(
      actor,
      customers.map(({ ownerId }) => ownerId),
      selection.toUserId,
    );
    return customers;
  }

  /** Both ends must be known; the new owner must be able to own. */
  private async checkPeople({ fromUserId, toUserId }: Selection): Promise<void> {
    checkMayOwn(await this.users.find(toUserId), '/toUserId');
    if (fromUserId && !(await this.users.find(fromUserId))) {
      throw fieldFault('/fromUserId', 'unknown-user', 'No such user');
    }
  }

  /** Moves customers that are held, notes and tells it; every event raises each owner that it names by one. */
  private async move(
    tx: EntityManager,
    { userId }: Judged,
    transferId: string,
    action: Action,
    moves: Move[],
  ): Promise<void> {
    const versions = await this.transfers.move(tx, moves);
    await this.log.record(tx, { userId }, moves.map(entryOf(transferId, action)));
    const chunks = chunked(moves);
    const owners = await this.access.raise(tx, chunks.map(ownersOf));
    // A transfer is told in several events, and its undoing in as many: each has a version of its own.
    const first = action === 'transferred' ? 1 : chunks.length + 1;
    const events = chunks.map((chunk, n) => {
      const customers = chunk.map(({ id, fromOwnerId, toOwnerId }) => ({
        id,
        version: versions.get(id) ?? 0,
        fromOwnerId,
        toOwnerId,
      }));
      const data = { transferId, action, customers, owners: owners[n] ?? [] };
      return newEvent(customersTransferred, { aggregateId: transferId, version: first + n, by: { userId }, data });
    });
    await this.outbox.addMany(tx, events);
    await this.delegations.endFor(tx, moves.map(idOf), { userId });
  }
}

type Action = 'transferred' | 'undone';

const idOf = ({ id }: { id: string }) => id;

const entryOf =
  (transferId: string, action: Action) =>
  ({ id, fromOwnerId, toOwnerId }: Move): NewEntry => ({
    ...{ customerId: id, resource: 'customer', resourceId: id, action, details: { transferId } },
    changes: [{ field: 'ownerId', from: fromOwnerId, to: toOwnerId }],
  });

function shown({ inTime: _inTime, madeBy: _madeBy, createdAt, undoUntil, undoneAt, ...row }: TransferRow): Transfer {
  const times = { createdAt: createdAt.toISOString(), undoUntil: undoUntil.toISOString() };
  return { ...row, ...times, ...(undoneAt && { undoneAt: undoneAt.toISOString() }) };
}

function found(row: TransferRow | undefined): TransferRow {
  if (!row) throw notFound();
  return row;
}
