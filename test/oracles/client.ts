import type { LocalSystem } from '#embedded/local-system';
import { eventually } from '#testing/eventually';
import type { Attempt, Request } from './operation.js';

/** Every call is answered within 5 seconds; whoever waits so much longer gives up. */
const PATIENCE = 15_000;

/** A user's session, as a client holds it that tells an answer from none. */
export interface Session {
  username: string;
  userId: string;
  role: string;
  token: string;
}

export async function openSession(system: LocalSystem, username: string): Promise<Session> {
  const account = system.accounts.find((one) => one.username === username);
  const body = { username, password: account?.password, tokenDelivery: 'body' };
  const { accessToken, user } = await eventually(async () => {
    const { status, fault, body: given } = await send(system.url, { method: 'POST', path: '/auth/login', body });
    if (status !== 200) throw new Error(`${username} can't sign in: ${status ?? fault}`);
    return given as { accessToken: string; user: { id: string; role: string } };
  }, 30_000);
  return { username, userId: user.id, role: user.role, token: accessToken };
}

/** Sends once; a connection that fails is an answer too. */
export async function send(
  url: string,
  { method, path, body }: Request | { method: 'GET'; path: string; body?: undefined },
  headers: Record<string, string> = {},
): Promise<Attempt> {
  const began = performance.now();
  const sent = { ...headers, ...(body && { 'content-type': 'application/json' }) };
  try {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: sent,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const ms = performance.now() - began;
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), ms };
  } catch (error) {
    const { message, cause } = error as Error;
    const code = (cause as { code?: string } | undefined)?.code;
    return { status: undefined, body: undefined, ms: performance.now() - began, fault: code ?? message };
  }
}
