import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { AppError, notFound, staleVersion } from '#contracts/errors';
import { teamChanged, teamRemoved, type NewTeam, type Team as TeamView, type TeamPatch } from '#contracts/teams';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { violatedConstraint } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Team } from './team.entity.js';
import { TeamRepository } from './team.repository.js';
import { assertManagesTeams, stateOf, teamCycle, unknownTeam, viewOf, type CountedTeam } from './team.rules.js';

@Injectable()
export class TeamService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly teams: TeamRepository,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  async list(): Promise<{ items: TeamView[]; nextCursor: null }> {
    return { items: (await this.teams.all(this.dataSource.manager)).map(viewOf), nextCursor: null };
  }

  /** Errors: `conflict/name-taken` below the same parent; `invalid/validation` for a parent that is not there. */
  async create(call: Call, input: z.output<typeof NewTeam>): Promise<TeamView> {
    assertManagesTeams(call.actor);
    return this.changing(async (tx) => {
      const id = await this.idempotency.once(tx, call, ['team', input], async () => {
        const parentId = await this.parent(tx, input.parentId ?? null);
        const position = await this.teams.nextPosition(tx, parentId);
        const team = Team.create(uuidv7(), input.name, parentId, position);
        await this.teams.insert(tx, team);
        await this.outbox.add(tx, teamChanged, { ...stateOf(team), by: doerOf(call) });
        return team.id;
      });
      return viewOf(await this.counted(tx, id));
    });
  }

  /** Errors: `conflict/name-taken`; `rule-violated/team-cycle` for a place below itself. */
  async update(call: Call, teamId: string, patch: z.output<typeof TeamPatch>): Promise<TeamView> {
    assertManagesTeams(call.actor);
    return this.changing(async (tx) => {
      const team = await this.asExpected(tx, call, teamId);
      const parentId = patch.parentId && (await this.parent(tx, patch.parentId));
      if (parentId && (await this.teams.isAtOrAbove(tx, teamId, parentId))) throw teamCycle();
      const moved = parentId !== undefined && parentId !== team.parentId;
      const position = patch.position ?? (moved ? await this.teams.nextPosition(tx, parentId) : undefined);
      team.arrange({ name: patch.name, parentId, position });
      if (patch.position !== undefined) await this.teams.makeRoom(tx, team);
      if (!(await this.teams.save(tx, team))) throw staleVersion(viewOf(await this.counted(tx, teamId)));
      await this.outbox.add(tx, teamChanged, { ...stateOf(team), by: doerOf(call) });
      return viewOf(await this.counted(tx, teamId));
    });
  }

  /** Errors: `conflict/team-in-use` while it has members or teams below it. */
  async delete(call: Call, teamId: string): Promise<Record<string, never>> {
    assertManagesTeams(call.actor);
    return this.changing(async (tx) => {
      await this.teams.lock(tx, teamId);
      const team = await this.asExpected(tx, call, teamId);
      if (await this.teams.isUsed(tx, teamId)) throw new AppError('conflict', 'team-in-use');
      await this.teams.delete(tx, teamId);
      team.version += 1;
      await this.outbox.add(tx, teamRemoved, { ...stateOf(team), by: doerOf(call) });
      return {};
    });
  }

  async managedBy(userId: string): Promise<{ userIds: string[] }> {
    return { userIds: await this.teams.managedBy(this.dataSource.manager, userId) };
  }

  async membersOf(teamId: string): Promise<{ userIds: string[] }> {
    return { userIds: await this.teams.membersOf(this.dataSource.manager, teamId) };
  }

  /** Before somebody becomes a member. Errors: `invalid/validation` at `/teamId`. */
  async assertJoinable(tx: EntityManager, teamId: string): Promise<void> {
    if (!(await this.teams.keep(tx, teamId))) throw unknownTeam('/teamId');
  }

  private async parent(tx: EntityManager, id: string | null): Promise<string | null> {
    if (id !== null && !(await this.teams.find(tx, id))) throw unknownTeam('/parentId');
    return id;
  }

  private async counted(tx: EntityManager, id: string): Promise<CountedTeam> {
    const team = await this.teams.counted(tx, id);
    if (!team) throw notFound();
    return team;
  }

  private async asExpected(tx: EntityManager, { ifMatch }: Call, id: string): Promise<Team> {
    const team = await this.teams.find(tx, id);
    if (!team) throw notFound();
    if (typeof ifMatch === 'number' && ifMatch !== team.version) throw staleVersion(viewOf(await this.counted(tx, id)));
    return team;
  }

  private async changing<T>(act: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction(async (tx) => {
        await this.teams.lockTree(tx);
        return act(tx);
      });
    } catch (error) {
      if (violatedConstraint(error) === 'teams_name') throw new AppError('conflict', 'name-taken');
      throw error;
    }
  }
}
