const utf8 = new TextDecoder();

/** A message's bytes as JSON. Errors: SyntaxError. */
export const parseBytes = (bytes: Uint8Array): unknown => JSON.parse(utf8.decode(bytes)) as unknown;
