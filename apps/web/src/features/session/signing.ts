import { client } from '../../api/client.js';
import { enter, lapse } from '../../api/session.js';

/** That there has been a session here: its cookie itself is hidden from scripts. */
const VISITED = 'hfx.visited';

/** A cookie of an earlier visit signs in again by itself. */
export async function resume(): Promise<void> {
  if (localStorage.getItem(VISITED) === null) return lapse();
  try {
    if (await client.session.renew()) enter(await client.get('/me'));
  } catch {
    // Nobody could tell whether there is a session: signing in will.
    lapse();
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  const { user } = await client.session.signIn({ username, password });
  localStorage.setItem(VISITED, 'yes');
  enter(user);
}

/** After something of the user's own has changed. */
export async function reread(): Promise<void> {
  await client.session.renew();
  enter(await client.get('/me'));
}

/** Here, or on every device. */
export async function signOut(everywhere = false): Promise<void> {
  if (everywhere) await client.raw.POST('/auth/logout-all');
  else await client.session.signOut();
  localStorage.removeItem(VISITED);
  location.assign('/');
}
