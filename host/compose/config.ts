/**
 * Configuration of the gateway and of the S1SP: one schema each, from which come validation, types and defaults.
 * Every setting is described in docs/operate.md; a test holds that page equal to these schemas.
 */
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { Fault } from '../model/fault.ts';
import { parseEui64, unhex } from '../model/ids.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Environment, Role } from '../model/service-request.ts';
import { readFileText, requirePrivate } from './files.ts';
import { parseListen, parseRadio } from './locators.ts';

/** Largest configuration file. */
export const CONFIG_LIMIT = 1024 * 1024;

/** Turns a parser of one text into a schema; the parser throws an Error whose message says what is expected. */
const text = <T>(parse: (value: string) => T) =>
  z.string().transform((value, context): T => {
    try {
      return parse(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });

const eui = text((value): Eui64 => {
  const id = parseEui64(value);
  if (id === undefined) throw new Error('is not an EUI-64: write 16 hex digits, best in pairs joined by "-"');
  return id;
});

const publicKey = text((value): Uint8Array => {
  if (!/^[0-9a-f]{64}$/i.test(value)) throw new Error('is not a raw Ed25519 public key: write 64 hex digits');
  return unhex(value);
});

const environment = z.enum(['lab', 'production'] satisfies Environment[]);

const brokerUrl = text((value): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['mqtt:', 'mqtts:'].includes(url.protocol)) throw new Error('is not mqtt://host:port or mqtts://host:port');
  if (url.username || url.password) throw new Error('must not hold credentials: use broker.username and broker.passwordFile');
  return value;
});

const broker = z.strictObject({ url: brokerUrl, username: z.string().min(1).optional(), passwordFile: z.string().min(1).optional() });

const trust = {
  registration: z.array(z.strictObject({ key: publicKey, party: eui, name: z.string().min(1).default('registration') })).min(1),
};

const countersigner = z.enum(['dcc-countersigner'] satisfies Role[]);

const log = z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({});

/** Schema of the gateway's configuration. */
export const gatewaySchema = z.strictObject({
  environment,
  gateway: eui,
  data: z.string().min(1),
  broker,
  radio: text(parseRadio),
  channel: z.int().min(11).max(26),
  panId: z.int().min(0).max(0xfffe),
  keys: z.strictObject({ wrapping: z.string().min(1), signing: z.string().min(1) }),
  trust: z.strictObject(trust).extend({ countersigners: z.array(countersigner).min(1).default(['dcc-countersigner']) }),
  log,
});

/** Schema of the S1SP's configuration. */
export const s1spSchema = z.strictObject({
  environment,
  data: z.string().min(1),
  broker,
  embeddedBroker: z.strictObject({ listen: text(parseListen) }).optional(),
  keys: z.strictObject({ countersigning: z.string().min(1) }),
  trust: z.strictObject(trust),
  anomaly: z.strictObject({ dccPerHour: z.int().min(1).default(1000), userPerHour: z.int().min(1).default(100) }).prefault({}),
  log,
});

/** The gateway's configuration; every path in it is absolute. */
export type GatewayConfig = z.output<typeof gatewaySchema>;
/** The S1SP's configuration; every path in it is absolute. */
export type S1spConfig = z.output<typeof s1spSchema>;

/**
 * Reads the gateway's configuration. Throws Fault `config` naming the file and every wrong key, and for a file of secrets
 * that others may read.
 */
export async function loadGatewayConfig(path: string): Promise<GatewayConfig> {
  const raw = parseConfig(gatewaySchema, path, await readFileText(path, CONFIG_LIMIT, 'config'));
  const at = (name: string): string => resolve(dirname(path), name);
  const config = {
    ...raw,
    data: at(raw.data),
    broker: brokerAt(raw.broker, at),
    keys: { wrapping: at(raw.keys.wrapping), signing: at(raw.keys.signing) },
  };
  await requirePrivate(config.keys.wrapping, `${path}: keys.wrapping`);
  await requirePrivate(config.keys.signing, `${path}: keys.signing`);
  if (config.broker.passwordFile !== undefined) await requirePrivate(config.broker.passwordFile, `${path}: broker.passwordFile`);
  return config;
}

/** Reads the S1SP's configuration; as `loadGatewayConfig`. */
export async function loadS1spConfig(path: string): Promise<S1spConfig> {
  const raw = parseConfig(s1spSchema, path, await readFileText(path, CONFIG_LIMIT, 'config'));
  const at = (name: string): string => resolve(dirname(path), name);
  const config = { ...raw, data: at(raw.data), broker: brokerAt(raw.broker, at), keys: { countersigning: at(raw.keys.countersigning) } };
  await requirePrivate(config.keys.countersigning, `${path}: keys.countersigning`);
  if (config.broker.passwordFile !== undefined) await requirePrivate(config.broker.passwordFile, `${path}: broker.passwordFile`);
  return config;
}

/** Validates YAML `source` (called `file` in errors) against a schema. Throws Fault `config`. */
export function parseConfig<T extends z.ZodType>(schema: T, file: string, source: string): z.output<T> {
  const document = parseDocument(source, { prettyErrors: true, stringKeys: true });
  const first = document.errors[0] ?? document.warnings[0];
  if (first !== undefined) {
    const [place] = first.linePos ?? [];
    const where = place === undefined ? '' : `:${place.line}:${place.col}`;
    throw new Fault('config', `${file}${where}: ${first.message.split('\n')[0]?.replace(/ at line .*$/, '')}`, { cause: first });
  }
  const result = schema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (result.success) return result.data;
  throw new Fault('config', `${file}: ${result.error.issues.map(explainIssue).join('; ')}`, { cause: result.error });
}

function explainIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a setting`).join('; ');
  if (issue.code === 'custom') return `${path} ${issue.message}`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${path || 'the file'} is missing`;
  if (issue.code === 'invalid_type' && issue.expected === 'string') return `${path} is not a text (write it in quotes)`;
  return `${path}: ${issue.message}`;
}

function brokerAt(settings: z.output<typeof broker>, at: (name: string) => string): z.output<typeof broker> {
  return settings.passwordFile === undefined ? settings : { ...settings, passwordFile: at(settings.passwordFile) };
}
