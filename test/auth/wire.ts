import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Sent {
  method?: string;
  /** A value of several is a header that is sent several times. */
  headers?: OutgoingHttpHeaders;
  /** An object goes as JSON; text goes as it is. */
  body?: object | string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends a request as it is written, and gives the answer as it came: attackers keep to no client's manners. */
export function send(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  const written = typeof body === 'object' ? JSON.stringify(body) : (body ?? '');
  const all: OutgoingHttpHeaders = { ...headers, 'content-length': Buffer.byteLength(written) };
  if (typeof body === 'object') all['content-type'] ??= 'application/json';
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: all, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asked.on('error', reject);
    asked.end(written);
  });
}

/** What makes two answers differ for whoever reads them; a date and a request's own id do not. */
export function told({ status, headers, text }: Answer): unknown {
  const { date: _date, 'x-request-id': _id, 'keep-alive': _keep, connection: _connection, ...rest } = headers;
  return { status, headers: rest, text };
}

/** The cookies that an answer sets, by name: value and attributes, lower case, as they were written. */
export function cookiesOf({ headers }: Answer): Record<string, { value: string; attributes: string[] }> {
  return Object.fromEntries(
    (headers['set-cookie'] ?? []).map((line) => {
      const [pair = '', ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      const named = attributes.map((attribute) => attribute.toLowerCase()).toSorted();
      return [pair.slice(0, at), { value: pair.slice(at + 1), attributes: named }];
    }),
  );
}
