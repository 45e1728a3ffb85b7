import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../apps/gateway/src/openapi/document.js';
import type { Answer } from '../access/client.js';

/** What a body must not give away: the database's words, and where in our code something happened. */
const INSIDE =
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.{1,80}\b(FROM|VALUES|SET|WHERE)\b|QueryFailedError|node_modules|\bat .+\.[jt]s:\d+|relation "|syntax error at|invalid input syntax/;

/** Judges answers by the API's own description. */
export class Judge {
  private readonly ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: false });

  constructor(private readonly document: OpenApiDocument) {
    // ajv-formats is CommonJS: its function is its default's default.
    (addFormats as unknown as { default: (ajv: Ajv2020) => void }).default(this.ajv);
    this.ajv.addSchema(document, 'api');
  }

  /** What is wrong with an answer to an operation; undefined if nothing is. */
  fault(path: string, method: string, { status, text, headers }: Answer): string | undefined {
    if (status >= 500) return `status ${status}`;
    if (INSIDE.test(text)) return 'its body tells of our inside';
    const declared: Record<string, { $ref?: string }> = this.document.paths[path]?.[method]?.responses ?? {};
    const response = declared[status];
    if (!response) return `status ${status} is not in the description`;
    const type = headers['content-type']?.split(';', 1)[0] ?? '';
    const at = response.$ref?.slice(1) ?? `/paths/${escape(path)}/${method}/responses/${status}`;
    const content = this.resolve(at).content as Record<string, object> | undefined;
    if (!content) return text === '' ? undefined : 'it has a body that is not in the description';
    if (!content[type]) return `media type ${type || 'none'} is not in the description`;
    if (!/json$/.test(type)) return undefined;
    const valid = this.ajv.getSchema(`api#${at}/content/${escape(type)}/schema`);
    if (!valid) return `no schema at ${at}`;
    return valid(JSON.parse(text)) ? undefined : `not as described: ${this.ajv.errorsText(valid.errors)}`;
  }

  private resolve(pointer: string): Record<string, unknown> {
    const parts = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    return parts.reduce(
      (value, part) => value[part] as Record<string, unknown>,
      this.document as Record<string, unknown>,
    );
  }
}

const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');
