import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer } from './backend.js';
import { ROUTE, statusOf, type RouteOptions } from './route.js';

/** Sends a service's answer as it is, with what HTTP says about it in headers: its version, and where it is found. */
@Injectable()
export class SendAnswer implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteOptions;
    const http = context.switchToHttp();
    const { url } = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((result) => {
        if (statusOf(route) === 204) return undefined;
        if (!(result instanceof Answer)) return result as unknown;
        if (result.version !== undefined) reply.header('etag', `"${result.version}"`);
        if (route.status === 201 || route.status === 202) reply.header('location', locationOf(result, route, url));
        reply.header('content-type', 'application/json; charset=utf-8');
        return Buffer.from(result.body);
      }),
    );
  }
}

function locationOf({ body }: Answer, { location }: RouteOptions, url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  const { id } = JSON.parse(new TextDecoder().decode(body)) as { id?: unknown };
  // Where several things were made at once, they are found in the list that they were added to.
  return typeof id === 'string' ? (location ?? `${path}/{id}`).replace('{id}', id) : path;
}
