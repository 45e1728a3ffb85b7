import { DataSource } from 'typeorm';
import { teamChanged } from '#contracts/teams';
import { Republishes, type StateEvent } from '#messaging/republish';
import { TeamRepository } from './team.repository.js';
import { stateOf } from './team.rules.js';

/** All teams as they are, for projections that begin anew. */
@Republishes()
export class TeamStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly teams: TeamRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    for (const team of await this.teams.all(this.dataSource.manager)) yield { type: teamChanged, ...stateOf(team) };
  }
}
