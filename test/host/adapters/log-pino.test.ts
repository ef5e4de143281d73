import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pinoLog, type LogLevel } from '../../../host/adapters/log-pino.ts';

const lines = (level: LogLevel): Record<string, unknown>[] => {
  const written: string[] = [];
  const log = pinoLog(level, { write: (line) => void written.push(line) });
  log.debug('a-debug');
  log.info('an-info', { device: '0200000000000020', count: 3, ok: true, absent: undefined });
  log.warn('a-warning');
  log.error('an-error', { reason: 'why' });
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('pinoLog', () => {
  test('writes an object a line with level, time, event and fields', () => {
    const [, info, , error] = lines('debug');
    expect(info).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      event: 'an-info',
      device: '0200000000000020',
      count: 3,
      ok: true,
    });
    expect(error).toMatchObject({ level: 'error', event: 'an-error', reason: 'why' });
  });

  test('masks the number of a supply in a text, and no other number [R-PRIV-01]', () => {
    const written: string[] = [];
    pinoLog('info', { write: (line) => void written.push(line) }).info('told', {
      detail: 'meter 1200023305967, 16909060',
      at: 1200023305967,
    });
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ detail: 'meter [number of a supply withheld], 16909060', at: 1200023305967 });
  });

  test.each<[LogLevel, number]>([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ])('drops what is below %s', (level, count) => {
    expect(lines(level)).toHaveLength(count);
  });

  test('writes to standard error at once, also right before the process ends', () => {
    const module = fileURLToPath(new URL('../../../host/adapters/log-pino.ts', import.meta.url));
    const script = `import { pinoLog } from ${JSON.stringify(module)}; pinoLog('info').info('last-words'); process.exit(0);`;
    const child = `const r = require('node:child_process').spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', ${JSON.stringify(script)}]); console.log(JSON.stringify([String(r.stdout), String(r.stderr)]));`;
    const [stdout, stderr] = JSON.parse(execFileSync(process.execPath, ['-e', child], { encoding: 'utf8' })) as [string, string];
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ event: 'last-words' });
  });
});
