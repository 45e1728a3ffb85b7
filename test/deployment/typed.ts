import { join } from 'node:path';
import ts from 'typescript';
import type { KubernetesObject } from './kustomize.js';

const PACKAGES: Record<string, string> = {
  'external-secrets.io': '@kubernetes-models/external-secrets/',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api/',
  'keda.sh': '@kubernetes-models/keda/',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg/',
};

/**
 * What is wrong with the objects: a field that their kind doesn't know, of another type, or missing. The compiler judges
 * them as literals of the types that `kubernetes-models` makes of the published schemas.
 */
export function faultsOf(objects: readonly KubernetesObject[]): string[] {
  const file = join(process.cwd(), 'kubernetes-objects.ts');
  const source = objects.map((object, i) => {
    const { apiVersion, kind } = object;
    const from = `${PACKAGES[apiVersion.split('/')[0] ?? ''] ?? 'kubernetes-models/'}${apiVersion}/${kind}`;
    return `import type { I${kind} as T${i} } from '${from}';\nexport const o${i}: T${i} = ${JSON.stringify(object)};`;
  });
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
  };
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  const onDisk = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || onDisk(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source.join('\n'), ts.ScriptTarget.ES2023) : fromDisk(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ start = 0, messageText, file: where }) => {
    const line = where?.getLineAndCharacterOfPosition(start).line ?? 0;
    const { kind, metadata } = objects[Math.floor(line / 2)] ?? { kind: '?', metadata: { name: '?' } };
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
