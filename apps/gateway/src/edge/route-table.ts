import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { ROUTE, statusOf, type RouteOptions } from './route.js';

export const ROUTE_TABLE = Symbol('ROUTE_TABLE');

export interface TableRow extends Omit<RouteOptions, 'status'> {
  method: string;
  /** With parameters as `:name`. */
  path: string;
  params: string[];
  status: 200 | 201 | 202 | 204;
  controller: string;
  handler: string;
}

/**
 * Every route of these controllers, from their metadata. Throws on one that doesn't declare who may use it, and on a
 * customer's route that doesn't say what one must be allowed to do with the customer.
 */
export function routeTable(controllers: Type[]): TableRow[] {
  return controllers.flatMap((controller) => {
    const base = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = name === 'constructor' ? undefined : prototype[name];
      if (typeof handler !== 'function') return [];
      const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (verb === undefined) return [];
      const options = Reflect.getMetadata(ROUTE, handler) as RouteOptions | undefined;
      const where = `${controller.name}.${name}`;
      if (!options) throw new Error(`${where} declares no permission: give it a @Route`);

      const path = [base, Reflect.getMetadata(PATH_METADATA, handler) as string]
        .map((part) => part.replace(/^\/|\/$/g, ''))
        .filter((part) => part !== '')
        .map((part) => `/${part}`)
        .join('');
      const params = [...path.matchAll(/:(\w+)/g)].map(([, param]) => param as string);
      const aboutCustomer = params.includes('customerId') || options.customerOf !== undefined;
      if (aboutCustomer !== (options.relation !== undefined)) {
        throw new Error(`${where} must name a relation exactly if it is about a customer`);
      }
      if (options.judgedInAnswer && (options.relation !== 'read' || options.query || options.body)) {
        throw new Error(`${where} must be judged before its query and its body are looked at`);
      }
      const method = RequestMethod[verb];
      return [
        { ...options, method, path, params, status: statusOf(options), controller: controller.name, handler: name },
      ];
    });
  });
}

/** The methods that a path is served under; none for one that no route has. */
export function methodsAt(table: TableRow[], url: string): string[] {
  const segments = url.split('?', 1)[0]?.split('/') ?? [];
  const fits = ({ path }: TableRow) => {
    const parts = path.split('/');
    return (
      parts.length === segments.length &&
      parts.every((part, index) => part === segments[index] || (part.startsWith(':') && segments[index] !== ''))
    );
  };
  return [...new Set(table.filter(fits).map(({ method }) => method))];
}
