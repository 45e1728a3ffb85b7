import type { FastifyReply, FastifyRequest } from 'fastify';
import { V1 } from '../edge/route.js';

const NAME = 'hfx_refresh';
const PATH = `${V1}/auth`;
/** Auth decides when a sign-in lapses; it lets none live longer than this, in seconds. */
const MAX_AGE = 30 * 24 * 3_600;

export interface RefreshCookie {
  /** The caller's refresh token, if the cookie that holds it may be believed. */
  read(request: FastifyRequest): string | undefined;
  write(request: FastifyRequest, reply: FastifyReply, token: string): void;
  clear(request: FastifyRequest, reply: FastifyReply): void;
}

/** For signing in alone, out of any script's reach. `secure` left out: as the request came. */
export const optionsOf = (secure: boolean | undefined) => (request: FastifyRequest) =>
  ({ path: PATH, httpOnly: true, sameSite: 'strict', secure: secure ?? request.protocol === 'https' }) as const;

export function refreshCookie(secure: boolean | undefined): RefreshCookie {
  const options = optionsOf(secure);
  return {
    read: (request) => (isOurOwnPage(request) ? request.cookies[NAME] : undefined),
    write: (request, reply, token) => void reply.setCookie(NAME, token, { ...options(request), maxAge: MAX_AGE }),
    clear: (request, reply) => void reply.clearCookie(NAME, options(request)),
  };
}

/**
 * Whether a script of our own pages sent the request. Another site can't set the header without our leave, which we give
 * to nobody; where the browser says from where it comes, that must be here, too.
 */
function isOurOwnPage({ headers, host }: FastifyRequest): boolean {
  if (headers['x-requested-with'] !== 'hfx') return false;
  if ((headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin') return false;
  if (headers.origin === undefined) return true;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === host;
}
