import { Injectable } from '@nestjs/common';
import { findMembers } from '#contracts/teams';
import { Bus } from '#messaging/bus';

/** The teams are auth's (ADR 12). */
@Injectable()
export class TeamService {
  constructor(private readonly bus: Bus) {}

  /** The users of a team and of those below it; undefined where none is named. */
  async members(teamId: string | undefined): Promise<string[] | undefined> {
    return teamId === undefined ? undefined : (await this.bus.request(findMembers, { teamId })).userIds;
  }
}
