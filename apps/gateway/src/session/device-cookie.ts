import type { FastifyReply, FastifyRequest } from 'fastify';
import { optionsOf } from './refresh-cookie.js';

const NAME = 'hfx_device';
/** Auth forgets a device that isn't seen for so long, in seconds. */
const MAX_AGE = 90 * 24 * 3_600;

/**
 * By this a browser is known again when it signs in, so that nobody's guesses keep its user out. It opens nothing: the
 * password is asked for as always.
 */
export interface DeviceCookie {
  /** Empty if there is none, or what can't be one. */
  read(request: FastifyRequest): string;
  write(request: FastifyRequest, reply: FastifyReply, device: string): void;
}

export function deviceCookie(secure: boolean | undefined): DeviceCookie {
  const options = optionsOf(secure);
  return {
    read: ({ cookies }) => /^[\w-]{43}$/.exec(cookies[NAME] ?? '')?.[0] ?? '',
    write: (request, reply, device) => void reply.setCookie(NAME, device, { ...options(request), maxAge: MAX_AGE }),
  };
}
