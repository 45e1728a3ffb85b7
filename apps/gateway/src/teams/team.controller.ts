import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import * as teams from '#contracts/teams';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/teams`)
export class TeamController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({ access: 'teams.read', output: teams.listTeams.output, summary: 'List the teams, a tree' })
  list(@From() caller: Caller) {
    return this.backend.pass(teams.listTeams, {}, caller);
  }

  @Post()
  @Route({ access: 'teams.manage', body: teams.NewTeam, output: teams.Team, status: 201, summary: 'Create a team' })
  create(@Body() body: z.input<typeof teams.NewTeam>, @From() caller: Caller) {
    return this.backend.pass(teams.createTeam, body, caller);
  }

  @Patch(':teamId')
  @Route({ access: 'teams.manage', body: teams.TeamPatch, output: teams.Team, summary: 'Rename or move a team' })
  update(@Param('teamId') teamId: string, @Body() patch: z.input<typeof teams.TeamPatch>, @From() caller: Caller) {
    return this.backend.pass(teams.updateTeam, { teamId, patch }, caller);
  }

  @Delete(':teamId')
  @Route({ access: 'teams.manage', summary: 'Delete a team without members and without teams below it' })
  delete(@Param('teamId') teamId: string, @From() caller: Caller) {
    return this.backend.pass(teams.deleteTeam, { teamId }, caller);
  }
}
