import { CONTROLLERS } from '../src/controllers.js';
import { routeTable } from '../src/edge/route-table.js';
import { id, type TestGateway } from './fake-platform.js';

/** Every route that needs somebody. */
export const guarded = routeTable(CONTROLLERS).filter(({ access }) => access !== 'public');
/** A route’s path, with ids of nothing. */
export const addressOf = ({ path }: { path: string }) => path.replace(/:\w+/g, id);

export const send = ({ http }: TestGateway, method: string, path: string) =>
  http[method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'](path);
