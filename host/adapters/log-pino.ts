/**
 * The Log port over pino: one JSON object a line, to standard error unless told otherwise, written at once (no worker,
 * no buffer), so that the last line before a crash is there. Fields are scalars by type: no key can slip in. Numbers of supplies in
 * texts are masked [R-PRIV-01].
 */
import { pino, type DestinationStream } from 'pino';
import { withoutSupplyNumbers } from '../model/personal.ts';
import type { Log, LogFields } from '../ports/log.ts';

/** Levels, least important first; events below the chosen one are dropped. `silent` drops all. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const STDERR = 2;

/** A log at a level. Lines hold `level` by name, `time` as ISO 8601 in UTC, `event`, and the fields. */
export function pinoLog(level: LogLevel, destination: DestinationStream = pino.destination({ fd: STDERR, sync: true })): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, destination);
  return {
    debug: (event: string, fields?: LogFields) => logger.debug(masked(fields), event),
    info: (event: string, fields?: LogFields) => logger.info(masked(fields), event),
    warn: (event: string, fields?: LogFields) => logger.warn(masked(fields), event),
    error: (event: string, fields?: LogFields) => logger.error(masked(fields), event),
  };
}

const masked = (fields: LogFields = {}): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? withoutSupplyNumbers(value) : value]),
  );
