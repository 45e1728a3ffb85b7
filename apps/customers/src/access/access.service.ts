import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { relationAllows, type Relation } from '#access/permissions';
import type { resolveScope } from '#contracts/access';
import type { Grant, Scope } from '#contracts/context';
import { AppError, forbidden, notFound } from '#contracts/errors';
import { TeamService } from '../team/team.service.js';
import { UserService } from '../user/user.service.js';
import { AccessRepository } from './access.repository.js';
import { checkDisposable, disposesOf } from './access.rules.js';
import { ManagersSight } from './managers-sight.js';
import type { HeldCustomer, Judged } from './visible.sql.js';

/** A customer that is held, and the error if the actor may not do with it what he is about to. */
export interface Held {
  grant: Grant;
  refused?: AppError;
}

@Injectable()
export class AccessService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: AccessRepository,
    private readonly users: UserService,
    private readonly managers: ManagersSight,
    private readonly teams: TeamService,
  ) {}

  /** Errors: `not-found` for a customer that the actor may not see, as for one that doesn't exist. */
  async resolve(actor: Judged, customerId: string): Promise<Grant> {
    return seen(await this.access.grant(this.dataSource.manager, actor, customerId));
  }

  /** Holds the customer, and makes sure that the actor's relation to it allows what he is about to do. */
  async hold(tx: EntityManager, actor: Judged, customerId: string, relation: Relation): Promise<Grant> {
    const grant = seen(await this.access.grantAndLock(tx, actor, customerId));
    const refused = refusal(grant, relation);
    if (refused) throw refused;
    return grant;
  }

  /** The same for many, each judged for itself; those that the actor may not see are not among them. */
  async holdEach(
    tx: EntityManager,
    actor: Judged,
    customerIds: string[],
    relation: Relation,
  ): Promise<Map<string, Held>> {
    const grants = await this.access.grantsAndLock(tx, actor, customerIds);
    return new Map(grants.map((grant) => [grant.customerId, { grant, refused: refusal(grant, relation) }]));
  }

  /** The same for a change of what belongs to it. Errors: also `rule-violated/customer-deleted`. */
  async holdToEdit(tx: EntityManager, actor: Judged, customerId: string): Promise<Grant> {
    const grant = await this.hold(tx, actor, customerId, 'edit');
    if (await this.access.isDeleted(tx, customerId)) throw new AppError('rule-violated', 'customer-deleted');
    return grant;
  }

  /**
   * Customers that the actor may dispose of, in the order of their ids; with `lock`, held against every change or only
   * against changing hands. Errors: as `checkDisposable`; `forbidden/not-owner` for all of another owner's.
   */
  async disposable(
    tx: EntityManager,
    actor: Judged,
    which: { ids: string[] } | { ownerId: string },
    lock: '' | 'FOR SHARE' | 'FOR UPDATE',
  ): Promise<HeldCustomer[]> {
    if ('ownerId' in which && !disposesOf(actor, which.ownerId)) throw forbidden('not-owner');
    const held = await this.access.many(tx, actor, which, lock);
    checkDisposable(actor, 'ids' in which ? which.ids : [], held);
    return held;
  }

  /** Customers whatever the actor's relation to them, held against every change. */
  async held(tx: EntityManager, actor: Judged, ids: string[]): Promise<HeldCustomer[]> {
    return this.access.many(tx, actor, { ids }, 'FOR UPDATE');
  }

  async scope(actor: Judged, { part, teamId }: z.output<typeof resolveScope.input> = {}): Promise<Scope> {
    return this.access.scope(this.dataSource.manager, actor, part, await this.teams.members(teamId));
  }

  async owners(customerIds: string[]): Promise<{ id: string; ownerId: string; deleted: boolean }[]> {
    return this.access.owners(this.dataSource.manager, customerIds);
  }

  /** A disabled user, and one that nobody knows, sees nothing. */
  async scopeOf(userId: string): Promise<Scope> {
    const judged = await this.judge(userId);
    return judged ? this.scope(judged) : { all: false, owners: [], customerIds: [] };
  }

  /** Somebody who isn't asking himself; nothing for a disabled user, and for one that nobody knows. */
  async judge(userId: string): Promise<Judged | undefined> {
    const user = await this.users.find(userId);
    return user?.active ? this.managers.complete<Judged>({ userId, role: user.role }) : undefined;
  }

  /**
   * Tells for each event, by the owners whose view it changes, the access versions that it carries: one more for every
   * event that names the owner.
   */
  async raise(tx: EntityManager, events: readonly (readonly string[])[]) {
    const times = new Map<string, number>();
    for (const owner of events.flat()) times.set(owner, (times.get(owner) ?? 0) + 1);
    const versions = await this.access.raise(tx, times);
    return events.map((owners) =>
      owners.map((id) => {
        const accessVersion = (versions.get(id) ?? 0) + 1;
        versions.set(id, accessVersion);
        return { id, accessVersion };
      }),
    );
  }

  async versionsAfter(tx: EntityManager, after: string | undefined, limit: number) {
    return this.access.versionsAfter(tx, after, limit);
  }
}

const refusal = (grant: Grant, relation: Relation): AppError | undefined =>
  relationAllows(grant, relation) ? undefined : forbidden(relation === 'own' ? 'not-owner' : 'forbidden');

function seen(grant: Grant | undefined): Grant {
  if (!grant) throw notFound();
  return grant;
}
