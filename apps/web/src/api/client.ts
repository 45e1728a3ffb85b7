import { createClient } from '#client/client';
import { preferences } from '../app/preferences.js';
import { lapse } from './session.js';

const REFRESH = '/api/v1/auth/refresh';

/** The public API as the user. An access token that has run out is renewed, and nobody notices. */
export const client = createClient({ language: () => preferences().language, fetch: send });

/** One tab at a time renews: each refresh token is good for one use, and all tabs have the same cookie. */
async function send(request: RequestInfo | URL): Promise<Response> {
  if (!(request instanceof Request) || new URL(request.url).pathname !== REFRESH) return fetch(request);
  const response = await navigator.locks.request('hfx.refresh', () => fetch(request));
  if (response.status === 401) lapse();
  return response;
}
