import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { redacted } from './redaction.js';
import { requestContext, traceFields } from './request-context.js';

/** One JSON object a line; each says to which request it belongs, and nothing that is secret or names a person. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    mixin: () => traceFields(requestContext.get()),
    // An error has been made plain by then, and more of it than that is not to be told.
    serializers: { err: (err: unknown) => err },
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map((arg: unknown) => redacted(arg)) as typeof args);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Nest's own log lines, and those of its `Logger`, as pino's. */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log = (message: unknown, ...rest: unknown[]) => this.write('info', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.write('error', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);

  private write(level: 'info' | 'warn' | 'error' | 'fatal' | 'debug' | 'trace', message: unknown, rest: unknown[]) {
    const context = rest.at(-1);
    const detail = rest.length > 1 ? rest[0] : undefined;
    const fields = { context: typeof context === 'string' ? context : undefined, detail };
    if (message instanceof Error) this.pino[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ ...fields, ...message });
    else this.pino[level](fields, `${message as string}`);
  }
}
