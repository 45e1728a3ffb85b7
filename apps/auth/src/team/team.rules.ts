import { can } from '#access/permissions';
import type { Actor } from '#contracts/context';
import { AppError, forbidden } from '#contracts/errors';
import type { Team as TeamView } from '#contracts/teams';
import type { Team } from './team.entity.js';

/** A team with the number of its members. */
export type CountedTeam = Team & { memberCount: number };

/** The gateway has asked this already; who arranges teams decides what managers see. Errors: `forbidden/…`. */
export function assertManagesTeams(actor: Actor): void {
  if (!can(actor, 'teams.manage')) throw forbidden();
  if (actor.mustChangePassword) throw forbidden('password-change-required');
}

/** Errors: `invalid/validation` at `pointer`. */
export const unknownTeam = (pointer: string) =>
  new AppError('invalid', 'validation', {
    errors: [{ pointer, code: 'unknown-team', message: 'There is no such team' }],
  });

export const teamCycle = () =>
  new AppError('rule-violated', 'team-cycle', {
    errors: [{ pointer: '/parentId', code: 'team-cycle', message: 'A team does not come below itself' }],
  });

/** The team as the API shows it. */
export function viewOf({ id, name, parentId, position, memberCount, version }: CountedTeam): TeamView {
  return { id, name, parentId: parentId ?? undefined, position, memberCount, version };
}

/** The team as the other services learn of it. */
export const stateOf = ({ id, name, parentId, version }: Team) => ({
  aggregateId: id,
  version,
  data: { id, name, parentId },
});
