import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: unknown;
  data?: Record<string, string>;
}

interface Operation {
  op: 'add' | 'remove';
  path: string;
  value?: unknown;
}

interface Kustomization {
  resources: string[];
  namespace?: string;
  patches?: { target?: { kind: string; name?: string }; patch: string }[];
}

/**
 * Builds a folder as `kubectl kustomize` does, as far as our manifests use it, so that the tests need no kubectl.
 * Errors: what it doesn't know; a patch that meets nothing.
 */
export function build(folder: string): KubernetesObject[] {
  const { resources, namespace, patches = [], ...unknown } = read(folder);
  const left = Object.keys(unknown).filter((field) => field !== 'apiVersion' && field !== 'kind');
  if (left.length > 0) throw new Error(`${folder}: ${left.join(', ')} can't be built here`);
  const objects = resources.flatMap((resource) => load(join(folder, resource)));
  for (const { target, patch } of patches) {
    const wanted = parse(patch) as Operation[] | KubernetesObject;
    const { kind, name } = target ?? named(wanted as KubernetesObject);
    const met = objects.filter((object) => object.kind === kind && (!name || object.metadata.name === name));
    if (met.length === 0) throw new Error(`${folder}: a patch meets nothing (${kind} ${name ?? ''})`);
    for (const object of met) {
      if (Array.isArray(wanted)) for (const operation of wanted) change(object, operation);
      else object.data = { ...object.data, ...wanted.data };
    }
  }
  for (const { kind, metadata } of objects) if (namespace && kind !== 'Namespace') metadata.namespace = namespace;
  return objects;
}

const read = (folder: string) => parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
const named = ({ kind, metadata }: KubernetesObject) => ({ kind, name: metadata.name });

function load(path: string): KubernetesObject[] {
  if (statSync(path).isDirectory()) return build(path);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });
}

/** One step of a JSON patch (RFC 6902). */
function change(object: KubernetesObject, { op, path, value }: Operation): void {
  const keys = path.slice(1).split('/');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], object);
  if (typeof parent !== 'object' || parent === null) throw new Error(`${object.metadata.name} has no ${path}`);
  if (Array.isArray(parent) && last === '-') parent.push(structuredClone(value));
  else if (op === 'remove') delete (parent as Record<string, unknown>)[last];
  else (parent as Record<string, unknown>)[last] = structuredClone(value);
}
