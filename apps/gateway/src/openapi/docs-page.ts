import type { JsonSchema } from './schemas.js';
import type { OpenApiDocument, Operation } from './document.js';

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  details { border: 1px solid #8884; border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem }
  summary { cursor: pointer } summary code { font-weight: 600 } .get { color: #0a7 } .post { color: #06c }
  .patch { color: #b60 } .delete { color: #c22 }
  table { border-collapse: collapse } td, th { text-align: left; padding: .1rem .8rem .1rem 0; vertical-align: top }
  pre { overflow-x: auto; background: #8881; padding: .6rem; border-radius: 6px }`;

/** The description as one page that needs no script and nothing from elsewhere. */
export function docsPage(document: OpenApiDocument): string {
  const { title, description } = document.info as { title: string; description: string };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<h2>${escape(tag)}</h2>${own.map((each) => operationBlock(each.path, each.method, each.operation)).join('')}`;
  });
  const schemas = Object.entries(document.components['schemas'] ?? {}).map(
    ([name, schema]) =>
      `<details id="${escape(name)}"><summary><code>${escape(name)}</code></summary>${json(schema)}</details>`,
  );
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}: API</title>` +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>` +
    `<h1>${escape(title)}</h1><p>${escape(description)}</p><p><a href="/api/openapi.json">openapi.json</a></p>` +
    `${sections.join('')}<h2>Schemas</h2>${schemas.join('')}</body></html>`
  );
}

function operationBlock(path: string, method: string, operation: Operation): string {
  const parameters = operation.parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${escape(place)}${required ? ', required' : ''}</td>` +
      `<td>${inline(schema as JsonSchema)}</td></tr>`,
  );
  const body = operation['requestBody'] as { content: Record<string, { schema: JsonSchema }> } | undefined;
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    const content = response['content'] as Record<string, { schema: JsonSchema }> | undefined;
    const what = response['$ref'] ? 'problem' : content ? contentOf(content) : 'no body';
    return `<tr><td>${escape(status)}</td><td>${what}</td></tr>`;
  });
  return (
    `<details><summary><code class="${method}">${method.toUpperCase()} ${escape(path)}</code> ` +
    `${escape(operation.summary)}</summary>` +
    (parameters.length > 0 ? `<table>${parameters.join('')}</table>` : '') +
    (body ? `<p>Body: ${contentOf(body.content)}</p>` : '') +
    `<table>${responses.join('')}</table></details>`
  );
}

const contentOf = (content: Record<string, { schema: JsonSchema }>): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `${escape(type)} ${inline(schema)}`)
    .join(', ');

function inline(schema: JsonSchema): string {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  if (name !== undefined) return `<a href="#${escape(name)}">${escape(name)}</a>`;
  return schema['properties'] ? json(schema) : `<code>${escape(JSON.stringify(schema))}</code>`;
}

const json = (schema: JsonSchema): string => `<pre>${escape(JSON.stringify(schema, undefined, 2))}</pre>`;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
