export interface ServerEvent {
  id?: string;
  event: string;
  data: string;
}

/** Reads a `text/event-stream` until it ends, or is silent for `silence` ms, which is an error. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  heard: (event: ServerEvent) => void,
  silence: number,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await within(reader.read(), silence).catch(async (error: unknown) => {
      await reader.cancel().catch(() => {});
      throw error;
    });
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) heard(event);
    }
  }
}

/** Undefined: a comment, which only shows that the line is alive. */
export function parseEvent(block: string): ServerEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    fields.set(name, name === 'data' && fields.has('data') ? `${fields.get('data')}\n${value}` : value);
  }
  if (fields.size === 0) return undefined;
  return { id: fields.get('id'), event: fields.get('event') ?? 'message', data: fields.get('data') ?? '' };
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The line is silent')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
