import { ProblemError } from '#client/problem';
import { client } from './client.js';

/** A file of the API's, with what its headers tell. */
export interface Fetched {
  response: Response;
  blob: Blob;
}

export async function fetchFile(path: string, accept: string): Promise<Fetched> {
  const response = await client.session.send(new Request(`/api/v1${path}`, { headers: { Accept: accept } }));
  if (!response.ok) throw await ProblemError.of(response);
  return { response, blob: await response.blob() };
}

/** Gives the user a file under the name that the API gave it. */
export function saveFile({ response, blob }: Fetched): void {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const [, plain] = /filename="?([^";]+)/i.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = encoded ? decodeURIComponent(encoded) : (plain ?? 'export');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Prints a page of the API's, beside the app's own. */
export async function printPage({ blob }: Fetched): Promise<void> {
  const html = await blob.text();
  document.getElementById('printing')?.remove();
  const frame = document.createElement('iframe');
  frame.id = 'printing';
  frame.title = 'print';
  frame.hidden = true;
  // Whatever it holds, no script of it runs.
  frame.setAttribute('sandbox', 'allow-same-origin allow-modals');
  frame.srcdoc = html;
  frame.addEventListener('load', () => frame.contentWindow?.print());
  document.body.append(frame);
}
