import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { can } from '#access/permissions';
import { AppError, forbidden, notFound, staleVersion } from '#contracts/errors';
import type { Funnel } from '#contracts/statistics';
import type { CustomerStatus as ShownStatus, NewStatus, StatusPatch } from '#contracts/statuses';
import { statusChanged } from '#contracts/statuses';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Idempotency } from '#platform/idempotency';
import type { Judged } from '../access/visible.sql.js';
import { CountsService } from '../counts/counts.service.js';
import { CustomerEvents } from '../customer/customer.events.js';
import { fieldFault } from '../field-fault.js';
import { LogService } from '../log/log.service.js';
import { CustomerStatus } from './status.entity.js';
import { StatusRepository } from './status.repository.js';
import { reordered } from './status.rules.js';

type Shown = z.output<typeof ShownStatus>;

@Injectable()
export class StatusService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statuses: StatusRepository,
    private readonly counts: CountsService,
    private readonly idempotency: Idempotency,
    private readonly events: CustomerEvents,
    private readonly log: LogService,
    private readonly outbox: Outbox,
  ) {}

  async list(actor: Judged): Promise<{ items: Shown[]; nextCursor: null }> {
    const [statuses, counts] = await Promise.all([
      this.statuses.all(this.dataSource.manager),
      this.counts.byStatus(this.dataSource.manager, actor),
    ]);
    return { items: statuses.map((status) => shown(status, counts.get(status.id))), nextCursor: null };
  }

  /** The customers of the actor's view by status, in the statuses' order. */
  async funnel(actor: Judged): Promise<z.output<typeof Funnel>> {
    const { items } = await this.list(actor);
    return {
      items: items.map(({ id, isDefault: _isDefault, version: _version, ...rest }) => ({ statusId: id, ...rest })),
    };
  }

  /** It comes last. Errors: `conflict/status-name-taken`. */
  async create(call: Call, input: z.output<typeof NewStatus>): Promise<Shown> {
    mayManage(call);
    const id = await this.changing((tx, statuses) =>
      this.idempotency.once(tx, call, input, async () => {
        if (input.isDefault) await this.statuses.clearDefault(tx);
        // New customers need one to begin with.
        const isDefault = input.isDefault ?? statuses.length === 0;
        const status = CustomerStatus.create(input.name, { color: input.color, position: statuses.length, isDefault });
        checkName(status, statuses);
        await this.statuses.insert(tx, status);
        await this.tell(tx, call, status, { after: noted(status) });
        return status.id;
      }),
    );
    return this.shown(call.actor, id);
  }

  /** Errors: `precondition-failed/stale-version`, `conflict/status-name-taken`. */
  async update(
    call: Call,
    { statusId, patch }: { statusId: string; patch: z.output<typeof StatusPatch> },
  ): Promise<Shown> {
    mayManage(call);
    await this.changing(async (tx, statuses) => {
      const status = await this.expected(call, statuses, statusId);
      const before = noted(status);
      if (patch.name !== undefined) status.rename(patch.name);
      checkName(status, statuses);
      if (patch.color !== undefined) status.color = patch.color;
      if (patch.isDefault && !status.isDefault) {
        await this.statuses.clearDefault(tx);
        status.isDefault = true;
      }
      const order = reordered(statuses.map(idOf), statusId, patch.position ?? statuses.indexOf(status));
      status.position = order.indexOf(statusId);
      await this.statuses.save(tx, status);
      await this.statuses.arrange(tx, order);
      await this.tell(tx, call, status, { before, after: noted(status) });
    });
    return this.shown(call.actor, statusId);
  }

  /**
   * Its customers move to another status, all at once. Errors: `rule-violated/status-in-use` while it has customers and
   * none is named, `rule-violated/status-is-default` while it is where new customers begin and none is named.
   */
  async delete(
    call: Call,
    { statusId, moveTo }: { statusId: string; moveTo?: string },
  ): Promise<Record<string, never>> {
    mayManage(call);
    await this.changing(async (tx, statuses) => {
      const status = await this.expected(call, statuses, statusId, () => {
        if (moveTo === undefined || (moveTo !== statusId && statuses.some(({ id }) => id === moveTo))) return;
        throw fieldFault('?moveTo', 'unknown-status', 'Not another status');
      });
      await this.statuses.lock(tx, statusId);
      if (moveTo === undefined) {
        if (status.isDefault) throw new AppError('rule-violated', 'status-is-default');
        if (await this.statuses.isInUse(tx, statusId)) throw new AppError('rule-violated', 'status-in-use');
      }
      // Deleted customers must have one too, for when they are restored.
      const heir = moveTo ?? statuses.find(({ isDefault }) => isDefault)?.id;
      if (heir !== undefined) await this.moveCustomers(tx, call, statusId, heir);
      await this.statuses.delete(tx, statusId);
      if (status.isDefault && heir !== undefined) await this.statuses.makeDefault(tx, heir);
      await this.statuses.arrange(
        tx,
        statuses.map(idOf).filter((id) => id !== statusId),
      );
      await this.tell(tx, call, status, { before: noted(status) });
    });
    return {};
  }

  /** The status of a new customer, kept from deletion meanwhile. Errors: an unknown one at `pointer`. */
  async forCustomer(tx: EntityManager, id: string | undefined, pointer = '/statusId'): Promise<string> {
    const kept = await this.statuses.keep(tx, id);
    if (!kept) throw fieldFault(pointer, 'unknown-status', 'No such status');
    return kept;
  }

  /** All statuses by their folded names, kept from deletion meanwhile, and the one that new customers begin with. */
  async forCustomers(tx: EntityManager): Promise<{ byName: Map<string, string>; start?: string }> {
    const statuses = await this.statuses.keepAll(tx);
    return {
      byName: new Map(statuses.map(({ nameFolded, id }) => [nameFolded, id])),
      start: statuses.find(({ isDefault }) => isDefault)?.id,
    };
  }

  private async moveCustomers(tx: EntityManager, call: Call, from: string, to: string): Promise<void> {
    const changes = [{ field: 'statusId', from, to }];
    for await (const moved of this.statuses.moveCustomers(tx, from, to)) {
      const facts = moved.map((customer) => ({ customer, action: 'edited' as const, changes }));
      await this.events.tell(tx, doerOf(call), facts);
    }
  }

  /** Notes the change, and has everybody learn of it. */
  private async tell(
    tx: EntityManager,
    call: Call,
    status: CustomerStatus,
    states: { before?: object; after?: object },
  ): Promise<void> {
    const by = doerOf(call);
    await this.log.recordSetting(tx, by, { resource: 'status', id: status.id }, states);
    const action = !states.before ? 'created' : !states.after ? 'deleted' : 'edited';
    const version = action === 'created' ? status.version : status.version + 1;
    const data = { id: status.id, ...noted(status), action } as const;
    await this.outbox.add(tx, statusChanged, { aggregateId: status.id, version, by, data });
  }

  /** One change of the statuses at a time, on all of them as they are. */
  private async changing<T>(change: (tx: EntityManager, statuses: CustomerStatus[]) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => change(tx, await this.statuses.hold(tx)));
  }

  /** The status, at the version that the caller has seen. */
  private async expected(
    call: Call,
    statuses: CustomerStatus[],
    id: string,
    check = () => {},
  ): Promise<CustomerStatus> {
    const status = statuses.find((one) => one.id === id);
    if (!status) throw notFound();
    check();
    if (typeof call.ifMatch === 'number' && call.ifMatch !== status.version) {
      throw staleVersion(await this.shown(call.actor, id));
    }
    return status;
  }

  private async shown(actor: Judged, id: string): Promise<Shown> {
    const { items } = await this.list(actor);
    const found = items.find((status) => status.id === id);
    if (!found) throw notFound();
    return found;
  }
}

const idOf = ({ id }: CustomerStatus) => id;

/** Of what the log tells the changes. */
const noted = ({ name, color, position, isDefault }: CustomerStatus) => ({ name, color, position, isDefault });

function checkName({ id, nameFolded }: CustomerStatus, statuses: CustomerStatus[]): void {
  const taken = statuses.some((other) => other.id !== id && other.nameFolded === nameFolded);
  if (taken) throw new AppError('conflict', 'status-name-taken');
}

function mayManage({ actor }: Call): void {
  if (!can(actor, 'statuses.manage')) throw forbidden();
}

function shown({ id, name, color, position, isDefault, version }: CustomerStatus, count = 0): Shown {
  return { id, name, ...(color !== null && { color }), position, isDefault, count, version };
}
