import { z } from 'zod';
import { mayRepeat, type Language } from '#contracts/common';
import { AppError, fieldFaults, type FieldFault } from '#contracts/errors';

const IN_LANGUAGE = {
  'zh-Hans': { ...z.locales.zhCN(), unknown: '未知字段', required: '必填', once: '只能出现一次' },
  'zh-Hant': { ...z.locales.zhTW(), unknown: '未知欄位', required: '必填', once: '只能出現一次' },
  en: { ...z.locales.en(), unknown: 'Unknown field', required: 'Required', once: 'May be given only once' },
} as const;

/**
 * Every fault of a value against its schema, worded for the reader. The value itself goes on as it came: the service
 * parses it by the same contract.
 */
export function bodyFaults(schema: z.ZodType, value: unknown, language: Language): FieldFault[] {
  const { localeError, unknown, required } = IN_LANGUAGE[language];
  const result = schema.safeParse(value, { reportInput: true, error: localeError });
  if (result.success) return [];
  return fieldFaults(result.error).map((fault) => {
    if (fault.code === 'unknown-field') return { ...fault, message: unknown };
    return fault.code === 'required' ? { ...fault, message: required } : fault;
  });
}

/**
 * The same for the parameters of a query, as `?name`. Repeated ones are refused where the schema doesn't take a list:
 * which of them would count?
 */
export function queryFaults(schema: z.ZodType, query: Record<string, unknown>, language: Language): FieldFault[] {
  const shape: Record<string, unknown> = schema instanceof z.ZodObject ? schema.shape : {};
  const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]) && !mayRepeat(shape[name]));
  if (repeated.length > 0) {
    const message = IN_LANGUAGE[language].once;
    return repeated.map((name) => ({ pointer: `?${name}`, code: 'repeated', message }));
  }
  return bodyFaults(schema, query, language).map((fault) => ({ ...fault, pointer: asParameter(fault.pointer) }));
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
