import { z } from 'zod';
import { Done, Empty, Id, Version, line } from './common.js';
import { event } from './event.js';
import { rpc, svc } from './rpc.js';

/** A place in the tree of the organisation's teams. */
export const Team = z.object({
  id: Id,
  name: z.string(),
  parentId: Id.optional(),
  position: z.int(),
  /** Of the team itself, without the teams below it; disabled users count. */
  memberCount: z.int(),
  version: Version,
});
export type Team = z.infer<typeof Team>;
export const NewTeam = z.strictObject({ name: line(60), parentId: Id.optional() });
export const TeamPatch = z.strictObject({
  name: line(60).optional(),
  /** Null: to the top. */
  parentId: Id.nullable().optional(),
  /** Its new place among its siblings, from 0; the others make room. */
  position: z.int().min(0).max(1_000).optional(),
});

export const listTeams = rpc('auth.team.list', {
  input: Empty,
  output: z.object({ items: z.array(Team), nextCursor: z.null() }),
});
export const createTeam = rpc('auth.team.create', { input: NewTeam, output: Team });
export const updateTeam = rpc('auth.team.update', {
  input: z.strictObject({ teamId: Id, patch: TeamPatch }),
  output: Team,
});
/** Refused with `conflict/team-in-use` while it has members or teams below it. */
export const deleteTeam = rpc('auth.team.delete', { input: z.strictObject({ teamId: Id }), output: Done });

const state = z.object({ id: Id, name: z.string(), parentId: Id.nullable() });
export const teamChanged = event('auth.team.changed', state);
export const teamRemoved = event('auth.team.removed', state);

const users = z.object({ userIds: z.array(Id) });
/** Whom a manager manages as of now: the members of his team and of those below it. Nobody, if he is none. */
export const findManaged = svc('customers.auth.team.managed', { input: z.strictObject({ userId: Id }), output: users });
/** The members of a team and of those below it. */
export const findMembers = svc('customers.auth.team.members', { input: z.strictObject({ teamId: Id }), output: users });
