import { z } from 'zod';
import { mayRepeat } from '#contracts/common';
import { AppError, fieldFaults, type FieldFault } from '#contracts/errors';

/**
 * Every fault of a value against its schema. The value itself goes on as it came: the service parses it by the same
 * contract.
 */
export function bodyFaults(schema: z.ZodType, value: unknown): FieldFault[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : fieldFaults(result.error);
}

/**
 * The same for the parameters of a query, as `?name`. Repeated ones are refused where the schema doesn't take a list:
 * which of them would count?
 */
export function queryFaults(schema: z.ZodType, query: Record<string, unknown>): FieldFault[] {
  const shape: Record<string, unknown> = schema instanceof z.ZodObject ? schema.shape : {};
  const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]) && !mayRepeat(shape[name]));
  if (repeated.length > 0) {
    return repeated.map((name) => ({ pointer: `?${name}`, code: 'repeated', message: 'May be given only once' }));
  }
  return bodyFaults(schema, query).map((fault) => ({ ...fault, pointer: asParameter(fault.pointer) }));
}

export const asParameter = (pointer: string): string => pointer.replace(/^\//, '?');

/**
 * A body's bytes as JSON; without any, an empty object. Errors: `invalid/malformed-json`, also for what isn't UTF-8 and
 * for keys that reach for an object's prototype.
 */
export function parseJson(bytes: Buffer | undefined): unknown {
  if (!bytes || bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refusePrototypes) as unknown;
  } catch {
    throw new AppError('invalid', 'malformed-json');
  }
}

function refusePrototypes(this: unknown, key: string, value: unknown): unknown {
  const reaches = key === 'constructor' && typeof value === 'object' && value !== null && 'prototype' in value;
  if (key === '__proto__' || reaches) throw new SyntaxError('A key that reaches for the prototype');
  return value;
}
