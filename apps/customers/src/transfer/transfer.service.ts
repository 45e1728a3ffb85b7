import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { AppError, forbidden, notFound } from '#contracts/errors';
import {
  customersTransferred,
  type NewTransfer,
  type Transfer,
  type TransferPreviewRequest,
  type TransferQuery,
} from '#contracts/transfers';
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
import { checkTarget, checkUndo, chunked, ownersOf, selected, type Move, type Undoable } from './transfer.rules.js';

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
        await this.move(tx, actor, 'transferred', [{ transferId, moves }]);
        await this.delegations.endFor(tx, moves.map(idOf), { userId: actor.userId });
        return transferId;
      });
      return shown(found(await this.transfers.find(tx, actor, id)));
    });
  }

  async list(actor: Judged, query: z.output<typeof TransferQuery>): Promise<Page<Transfer>> {
    const page = await this.transfers.list(this.dataSource.manager, actor, query);
    return { ...page, items: page.items.map(shown) };
  }

  /**
   * For seven days, by the administrator or whoever made it. Errors: those of `checkUndo`, `forbidden/not-maker`;
   * `rule-violated/part-of-hand-over` for one that goes back with the others of its act.
   */
  async undo(call: Call, transferId: string): Promise<Transfer> {
    const { actor } = call;
    return this.dataSource.transaction(async (tx) => {
      await this.idempotency.once(tx, call, { undo: transferId }, async () => {
        const transfer = found(await this.transfers.find(tx, actor, transferId, 'FOR UPDATE'));
        if (actor.role !== 'administrator' && transfer.madeBy !== actor.userId) throw forbidden('not-maker');
        if (transfer.handOverId) throw new AppError('rule-violated', 'part-of-hand-over');
        const moves = await this.transfers.wayBack(tx, transferId);
        const customers = await this.access.held(tx, actor, moves.map(idOf));
        checkUndo(transfer, customers);
        await this.transfers.markUndone(tx, transferId, actor.userId);
        await this.move(tx, actor, 'undone', [{ transferId, moves }]);
        await this.delegations.endFor(tx, moves.map(idOf), { userId: actor.userId });
      });
      return shown(found(await this.transfers.find(tx, actor, transferId)));
    });
  }

  /**
   * A hand-over: a transfer to each of those who receive something of the leaver's, whose customers are held. What he
   * delegated of them is the hand-over's to end.
   */
  async makeParts(
    tx: EntityManager,
    actor: Judged,
    { id: handOverId, userId, reason }: { id: string; userId: string; reason: string },
    shares: readonly { userId: string; customers: HeldCustomer[] }[],
  ): Promise<void> {
    const parts: Part[] = [];
    for (const { userId: toOwnerId, customers } of shares.filter((share) => share.customers.length > 0)) {
      const transferId = uuidv7();
      const people = { fromUserIds: [userId], toUserId: toOwnerId, madeBy: actor.userId };
      await this.transfers.insert(tx, { id: transferId, ...people, reason, handOverId }, customers);
      const moves = customers.map(({ id }) => ({ id, fromOwnerId: userId, toOwnerId, transferId }));
      parts.push({ transferId, handOverId, moves });
    }
    await this.move(tx, actor, 'transferred', parts);
  }

  /** All transfers of a hand-over, which is held. Errors: those of `checkUndo`. */
  async undoParts(
    tx: EntityManager,
    actor: Judged,
    { id: handOverId, transferIds, ...times }: Undoable & { transferIds: string[] },
  ): Promise<void> {
    const parts: Part[] = [];
    for (const transferId of transferIds) {
      parts.push({ transferId, handOverId, moves: await this.transfers.wayBack(tx, transferId) });
    }
    const held = await this.access.held(tx, actor, idsOf(parts));
    const customers = new Map(held.map((customer) => [customer.id, customer]));
    for (const { transferId, moves } of parts) {
      checkUndo(
        { ...times, id: transferId },
        moves.flatMap(({ id }) => customers.get(id) ?? []),
      );
      await this.transfers.markUndone(tx, transferId, actor.userId);
    }
    await this.move(tx, actor, 'undone', parts);
    await this.delegations.endFor(tx, idsOf(parts), { userId: actor.userId });
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
  private async move(tx: EntityManager, { userId }: Judged, action: Action, parts: Part[]): Promise<void> {
    const versions = await this.transfers.move(
      tx,
      parts.flatMap(({ moves }) => moves),
    );
    await this.log.record(tx, { userId }, parts.flatMap(entriesOf(action)));
    const told = parts.flatMap(toldOf(action));
    const owners = await this.access.raise(
      tx,
      told.map(({ moves }) => ownersOf(moves)),
    );
    const events = told.map(({ transferId, version, moves }, n) => {
      const customers = moves.map(({ id, fromOwnerId, toOwnerId }) => ({
        id,
        version: versions.get(id) ?? 0,
        fromOwnerId,
        toOwnerId,
      }));
      const data = { transferId, action, customers, owners: owners[n] ?? [] };
      return newEvent(customersTransferred, { aggregateId: transferId, version, by: { userId }, data });
    });
    await this.outbox.addMany(tx, events);
  }
}

/** One transfer's moves, of several that are one act. */
interface Part {
  transferId: string;
  handOverId?: string;
  moves: Move[];
}

type Action = 'transferred' | 'undone';

const idOf = ({ id }: { id: string }) => id;

const idsOf = (parts: readonly Part[]) => parts.flatMap(({ moves }) => moves.map(idOf));

const entriesOf =
  (action: Action) =>
  ({ moves, ...details }: Part): NewEntry[] =>
    moves.map(({ id, fromOwnerId, toOwnerId }) => ({
      ...{ customerId: id, resource: 'customer', resourceId: id, action, details },
      changes: [{ field: 'ownerId', from: fromOwnerId, to: toOwnerId }],
    }));

/** A transfer is told in several events, and its undoing in as many: each has a version of its own. */
const toldOf =
  (action: Action) =>
  ({ transferId, moves }: Part) => {
    const chunks = chunked(moves);
    const first = action === 'transferred' ? 1 : chunks.length + 1;
    return chunks.map((chunk, n) => ({ transferId, version: first + n, moves: chunk }));
  };

function shown({
  inTime: _inTime,
  madeBy: _madeBy,
  handOverId,
  createdAt,
  undoUntil,
  undoneAt,
  ...row
}: TransferRow): Transfer {
  const times = { createdAt: createdAt.toISOString(), undoUntil: undoUntil.toISOString() };
  const more = { ...(handOverId && { handOverId }), ...(undoneAt && { undoneAt: undoneAt.toISOString() }) };
  return { ...row, ...times, ...more };
}

function found(row: TransferRow | undefined): TransferRow {
  if (!row) throw notFound();
  return row;
}
