import type { DiscoveryService } from '@nestjs/core';

/** The providers whose class bears the given metadata, with what it says. They must have been made by now. */
export function discovered<T, M>(discovery: DiscoveryService, key: symbol): { instance: T; marked: M }[] {
  return discovery.getProviders().flatMap(({ metatype, instance }) => {
    const marked = metatype ? (Reflect.getMetadata(key, metatype) as M | undefined) : undefined;
    return marked === undefined ? [] : [{ instance: instance as T, marked }];
  });
}
