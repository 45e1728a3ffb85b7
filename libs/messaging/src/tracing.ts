import {
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanKind,
} from '@opentelemetry/api';

const tracer = trace.getTracer('hongfuxing');

interface SpanSettings {
  kind: SpanKind;
  /** Where it hangs, as `traceparent` has it; below what is going on here, unless given. */
  parent?: string;
  attributes?: Attributes;
}

/** A part of a trace, begun now; whoever begins it ends it. Costs next to nothing while nothing is traced. */
export function beginSpan(name: string, { kind, parent, attributes }: SpanSettings): Span {
  return tracer.startSpan(name, { kind, attributes }, parent ? below(parent) : context.active());
}

/** Does the work as a part of a trace: what it asks and tells hangs below. */
export async function traced<T>(name: string, settings: SpanSettings, work: (span: Span) => Promise<T>): Promise<T> {
  const span = beginSpan(name, settings);
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** What hangs below a span carries this (W3C Trace Context); undefined while nothing is traced. */
export function traceparentOf(span: Span | undefined = trace.getActiveSpan()): string | undefined {
  const at = span?.spanContext();
  if (!at || !trace.isSpanContextValid(at)) return undefined;
  return `00-${at.traceId}-${at.spanId}-${at.traceFlags.toString(16).padStart(2, '0')}`;
}

function below(traceparent: string) {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true });
}
