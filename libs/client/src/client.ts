import createFetchClient, {
  type Client as FetchClient,
  type ClientPathsWithMethod,
  type MaybeOptionalInit,
  type MethodResponse,
} from 'openapi-fetch';
import { ProblemError } from './problem.js';
import type { paths } from './schema.js';
import { Session, type SessionOptions } from './session.js';

const V1 = '/api/v1';
/** The API's routes, as they are named in its description: `/customers/{customerId}`. */
type Routes = { [P in keyof paths as P extends `${typeof V1}${infer Rest}` ? Rest : never]: paths[P] };
type Method = 'get' | 'post' | 'patch' | 'delete';

/** One call: gives what the answer holds, or throws a `ProblemError`. */
type Call<M extends Method> = <
  P extends ClientPathsWithMethod<FetchClient<Routes>, M>,
  I extends MaybeOptionalInit<Routes[P], M>,
>(
  path: P,
  ...init: object extends I ? [I?] : [I]
) => Promise<MethodResponse<FetchClient<Routes>, M, P, I>>;

/**
 * The API, typed. `get`, `post`, `patch` and `delete` give what the answer holds; `raw` gives the response too, for whom
 * its headers matter. Both throw what is refused as a `ProblemError`.
 */
export interface Client {
  get: Call<'get'>;
  post: Call<'post'>;
  patch: Call<'patch'>;
  delete: Call<'delete'>;
  raw: FetchClient<Routes>;
  session: Session;
}

/** Left out: the page's own origin, its refresh cookie, and `fetch` as it is there. */
export function createClient(options: Partial<SessionOptions> = {}): Client {
  const { url = '', tokenDelivery = 'cookie', fetch = (request) => globalThis.fetch(request), language } = options;
  const session = new Session({ url: url.replace(/\/$/, ''), tokenDelivery, fetch, language });
  const raw = createFetchClient<Routes>({
    baseUrl: `${url.replace(/\/$/, '')}${V1}`,
    fetch: (request) => session.send(request),
    bodySerializer,
  });
  raw.use({
    async onResponse({ response }) {
      if (!response.ok) throw await ProblemError.of(response);
    },
  });
  const call = <M extends Method>(method: M) =>
    (async (path: never, ...init: [never]) => (await raw.request(method, path, ...init)).data) as unknown as Call<M>;
  return { get: call('get'), post: call('post'), patch: call('patch'), delete: call('delete'), raw, session };
}

/** JSON, or a form where the body holds a file. */
function bodySerializer(body: unknown): string | FormData {
  const members = Object.entries(body as Record<string, string | Blob>);
  if (!members.some(([, value]) => value instanceof Blob)) return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of members) form.append(name, value);
  return form;
}
