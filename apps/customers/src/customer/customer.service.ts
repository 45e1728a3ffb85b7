import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { can } from '#access/permissions';
import type { Page } from '#contracts/common';
import type { Grant } from '#contracts/context';
import type {
  Customer as ShownCustomer,
  CustomerPatch,
  CustomerQuery,
  findCustomers,
  NewCustomer,
} from '#contracts/customers';
import { AppError, forbidden, notFound, staleVersion } from '#contracts/errors';
import { ImportRepository } from '#imports/import.repository';
import { doerOf, type Call } from '#messaging/handles';
import { Clock } from '#platform/clock';
import { violatedConstraint } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { AccessService } from '../access/access.service.js';
import type { Judged } from '../access/visible.sql.js';
import { CustomFieldService } from '../custom-field/custom-field.service.js';
import { DuplicateService } from '../duplicate/duplicate.service.js';
import { isRenamed } from '../duplicate/names.rules.js';
import { StatusService } from '../status/status.service.js';
import { TeamService } from '../team/team.service.js';
import { checkMayOwn } from '../user/user.rules.js';
import { UserService } from '../user/user.service.js';
import { Customer } from './customer.entity.js';
import { CustomerEvents } from './customer.events.js';
import { CustomerRepository, type FoundCustomer } from './customer.repository.js';

export interface Found {
  importing: boolean;
  customers: FoundCustomer[];
}

@Injectable()
export class CustomerService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly customers: CustomerRepository,
    private readonly access: AccessService,
    private readonly statuses: StatusService,
    private readonly fields: CustomFieldService,
    private readonly duplicates: DuplicateService,
    private readonly users: UserService,
    private readonly teams: TeamService,
    private readonly events: CustomerEvents,
    private readonly imports: ImportRepository,
    private readonly idempotency: Idempotency,
    private readonly clock: Clock,
  ) {}

  /** Errors: `invalid/validation` for a custom field that there isn't. */
  async list(actor: Judged, query: z.output<typeof CustomerQuery>): Promise<Page<ShownCustomer>> {
    const members = await this.teams.members(query.teamId);
    const list = async (tx: EntityManager) => {
      const customTerms = await this.fields.termsSought(tx, query.custom);
      return this.customers.list(tx, actor, query, { customTerms, members });
    };
    return query.tag || query.custom ? this.dataSource.transaction(list) : list(this.dataSource.manager);
  }

  async get(actor: Judged, customerId: string): Promise<ShownCustomer> {
    return this.shown(this.dataSource.manager, actor, customerId);
  }

  /**
   * Errors: those of `CustomFieldService.check`; `forbidden/owner-is-named-by-administrator`, `rule-violated/owner-disabled`, `rule-violated/may-not-own`,
   * `conflict/possible-duplicate`, `conflict/code-taken`.
   */
  async create(call: Call, input: z.output<typeof NewCustomer>): Promise<ShownCustomer> {
    const { acknowledgeDuplicates, ownerId = call.actor.userId, statusId: wanted, ...details } = input;
    if (ownerId !== call.actor.userId && call.actor.role !== 'administrator') {
      throw forbidden('owner-is-named-by-administrator');
    }
    checkMayOwn(await this.users.find(ownerId), '/ownerId');
    return this.changing(call, async (tx) => {
      const id = await this.idempotency.once(tx, call, input, async () => {
        const statusId = await this.statuses.forCustomer(tx, wanted);
        await this.fields.check(tx, details.customFields ?? {});
        const alike = await this.duplicates.warn(tx, call.actor, details, acknowledgeDuplicates);
        const customer = Customer.create(details, { ownerId, statusId, today: this.clock.today() });
        await this.checkCode(tx, customer);
        await this.customers.insert(tx, [customer]);
        await this.duplicates.keepNames(tx, [customer]);
        const doer = { userId: call.actor.userId };
        await this.events.tell(tx, doer, [{ customer, action: 'created', acknowledgedDuplicates: alike }]);
        return customer.id;
      });
      return this.shown(tx, call.actor, id);
    });
  }

  /** Errors: `precondition-failed/stale-version`, `conflict/possible-duplicate`, `conflict/code-taken`. */
  async update(
    call: Call,
    { customerId, patch }: { customerId: string; patch: z.output<typeof CustomerPatch> },
  ): Promise<ShownCustomer> {
    const { acknowledgeDuplicates, ...edit } = patch;
    return this.changing(call, async (tx) => {
      const { grant, customer } = await this.hold(tx, call, customerId, 'edit');
      if (customer.deletedAt) throw new AppError('rule-violated', 'customer-deleted');
      if (edit.statusId) await this.statuses.forCustomer(tx, edit.statusId);
      if (edit.customFields) await this.fields.check(tx, edit.customFields, customer.customFields);
      const before = { ...customer };
      const changes = customer.edit(edit);
      if (changes.length === 0) return this.shown(tx, call.actor, customerId);

      const renamed = isRenamed(before, customer);
      const candidate = { ...customer, customerId };
      const alike = renamed && (await this.duplicates.warn(tx, call.actor, candidate, acknowledgeDuplicates));
      await this.save(tx, call, customer);
      await this.duplicates.keepNames(tx, [customer]);
      const fact = { customer, action: 'edited' as const, changes, acknowledgedDuplicates: alike };
      await this.events.tell(tx, doerOf({ actor: call.actor, grant }), [fact]);
      return this.shown(tx, call.actor, customerId);
    });
  }

  /** By the owner or the administrator; the administrator can restore it. Errors: `forbidden/not-owner`. */
  async delete(call: Call, customerId: string): Promise<Record<string, never>> {
    await this.changing(call, async (tx) => {
      const { customer } = await this.hold(tx, call, customerId, 'own');
      if (!customer.deletedAt) await this.setDeleted(tx, call, customer, this.clock.now());
    });
    return {};
  }

  /** Errors: `conflict/code-taken` if another customer has got its code meanwhile. */
  async restore(call: Call, customerId: string): Promise<ShownCustomer> {
    if (!can(call.actor, 'customers.restore')) throw forbidden();
    return this.changing(call, async (tx) => {
      const { customer } = await this.hold(tx, call, customerId, 'own');
      if (customer.deletedAt) await this.setDeleted(tx, call, customer, null);
      return this.shown(tx, call.actor, customerId);
    });
  }

  /** For another service's longer work: judged as of now, whatever he was when it began. */
  async find({ userId, codes, ids }: z.output<typeof findCustomers.input>): Promise<Found> {
    const judged = await this.access.judge(userId);
    if (!judged) return { importing: false, customers: [] };
    // In this order: what an import that ends in between has brought is found.
    const importing = await this.imports.isUnderWay(this.dataSource.manager, userId);
    return { importing, customers: await this.customers.findMany(this.dataSource.manager, judged, { codes, ids }) };
  }

  private async setDeleted(tx: EntityManager, call: Call, customer: Customer, deletedAt: Date | null): Promise<void> {
    customer.deletedAt = deletedAt;
    await this.save(tx, call, customer);
    await this.duplicates.keepNames(tx, [customer]);
    const [owners] = await this.access.raise(tx, [[customer.ownerId]]);
    const action = deletedAt ? ('deleted' as const) : ('restored' as const);
    await this.events.tell(tx, { userId: call.actor.userId }, [{ customer, action, owners }]);
  }

  /** The customer, held for a change that the caller may make, at the version that he has seen. */
  private async hold(tx: EntityManager, call: Call, customerId: string, relation: 'edit' | 'own') {
    const grant: Grant = await this.access.hold(tx, call.actor, customerId, relation);
    const customer = await this.customers.load(tx, customerId);
    if (typeof call.ifMatch === 'number' && call.ifMatch !== customer.version) {
      throw staleVersion(await this.shown(tx, call.actor, customerId));
    }
    return { grant, customer };
  }

  private async save(tx: EntityManager, call: Call, customer: Customer): Promise<void> {
    if (!customer.deletedAt) await this.checkCode(tx, customer);
    if (!(await this.customers.save(tx, [customer]))) throw staleVersion(await this.shown(tx, call.actor, customer.id));
  }

  private async checkCode(tx: EntityManager, customer: Customer): Promise<void> {
    if (await this.customers.isCodeTaken(tx, customer)) throw codeTaken();
  }

  private async shown(tx: EntityManager, actor: Judged, id: string): Promise<ShownCustomer> {
    const customer = await this.customers.find(tx, actor, id);
    if (!customer) throw notFound();
    return customer;
  }

  /** A change in one transaction. A warning counts as a probe, and a code that someone has is told as such. */
  private async changing<T>(call: Call, change: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.duplicates.countingWarnings(call.actor, () => this.dataSource.transaction(change));
    } catch (error) {
      if (violatedConstraint(error) === 'customers_code') throw codeTaken();
      throw error;
    }
  }
}

const codeTaken = () => new AppError('conflict', 'code-taken');
