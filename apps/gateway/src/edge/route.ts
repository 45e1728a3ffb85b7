import { HttpCode, SetMetadata, applyDecorators } from '@nestjs/common';
import type { z } from 'zod';
import type { Permission, Relation } from '#access/permissions';
import type { Rpc } from '#contracts/rpc';

export interface RouteOptions {
  /** What the role must allow, or `public` for whoever comes. */
  access: Permission | 'public';
  /** The route is about the customer `:customerId`, and this is what the actor must be allowed to do with him. */
  relation?: Relation;
  /** The route names no customer: who owns the thing that it names is asked for whose that is. */
  customerOf?: Rpc<z.ZodType, z.ZodType<{ customerId: string }>>;
  /** Customers itself answers, and judges in that answer: it is not asked beforehand. Only where nothing else is read. */
  judgedInAnswer?: true;
  /** Left out: the route takes no body. */
  body?: z.ZodType;
  /** Left out: the route takes no query parameters. */
  query?: z.ZodType;
  /** Left out: the route answers without a body, 204. */
  output?: z.ZodType;
  /** Of the answer that is not an error. Left out: 200, or 204 without `output`. */
  status?: 200 | 201 | 202;
  /** The one field of a `multipart/form-data` body that is a file. */
  file?: string;
  /** Of the answer, where it isn't JSON: one of them. */
  mediaType?: string | string[];
  /** Where what a 201 or 202 made is found; `{id}` stands for its id. Left out: below the route's own path. */
  location?: string;
  /** Open to someone who must change his password first. */
  beforePasswordChange?: true;
  /** What the route does, for the API's documentation. */
  summary: string;
  /** Pages of the API's own, such as its documentation, are not in it. */
  undocumented?: true;
}

export const ROUTE = Symbol('route');
export const V1 = '/api/v1';

/** Declares who may use a route, what it takes and what it gives. The start fails on a route without it. */
export const Route = (options: RouteOptions): MethodDecorator =>
  applyDecorators(SetMetadata(ROUTE, options), HttpCode(statusOf(options)));

export const statusOf = (options: RouteOptions): 200 | 201 | 202 | 204 =>
  options.status ?? (options.output || options.mediaType ? 200 : 204);
