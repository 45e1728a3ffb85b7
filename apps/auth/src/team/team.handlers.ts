import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createTeam, deleteTeam, findManaged, findMembers, listTeams, updateTeam } from '#contracts/teams';
import { Call, Handles, Input } from '#messaging/handles';
import { TeamService } from './team.service.js';

@Controller()
export class TeamHandlers {
  constructor(private readonly teams: TeamService) {}

  @Handles(listTeams)
  list() {
    return this.teams.list();
  }

  @Handles(createTeam)
  create(@Call() call: Call, @Input() input: z.output<typeof createTeam.input>) {
    return this.teams.create(call, input);
  }

  @Handles(updateTeam)
  update(@Call() call: Call, @Input() { teamId, patch }: z.output<typeof updateTeam.input>) {
    return this.teams.update(call, teamId, patch);
  }

  @Handles(deleteTeam)
  delete(@Call() call: Call, @Input() { teamId }: z.output<typeof deleteTeam.input>) {
    return this.teams.delete(call, teamId);
  }

  @Handles(findManaged)
  managed(@Input() { userId }: z.output<typeof findManaged.input>) {
    return this.teams.managedBy(userId);
  }

  @Handles(findMembers)
  members(@Input() { teamId }: z.output<typeof findMembers.input>) {
    return this.teams.membersOf(teamId);
  }
}
