/**
 * Configuration of the gateway and of the S1SP: one schema each, from which come validation, types and defaults.
 * Every setting is described in docs/operate.md; a test holds that page equal to these schemas.
 */
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import * as z from 'zod';
import { Fault } from '../model/fault.ts';
import { parseEui64 } from '../model/ids.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Environment, Role } from '../model/service-request.ts';
import { readFileText } from './files.ts';
import { imagesSchema } from './image-config.ts';
import { parseListen, parseRadio } from './locators.ts';
import { requirePrivate, secretPath } from './secrets.ts';

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

const environment = z.enum(['lab', 'production'] satisfies Environment[]);

const brokerUrl = text((value): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['mqtt:', 'mqtts:'].includes(url.protocol)) throw new Error('is not mqtt://host:port or mqtts://host:port');
  if (url.username || url.password) throw new Error('must not hold credentials: use broker.username and broker.passwordFile');
  return value;
});

const broker = z.strictObject({ url: brokerUrl, username: z.string().min(1).optional(), passwordFile: z.string().min(1).optional() });

const trust = z.strictObject({ registration: z.array(z.string().min(1)).min(1) });

const paths = z.array(z.string().min(1)).default([]);

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
  hub: z.strictObject({
    manufacturer: z.int().min(0).max(0xffff),
    model: z.string().min(1).max(32),
    hardwareVersion: z.int().min(0).max(0xffff),
    firmwareVersion: z.int().min(0).max(0xffffffff),
  }),
  installCodes: z.string().min(1),
  statements: paths,
  images: imagesSchema(eui),
  keys: z.strictObject({ wrapping: z.string().min(1), signing: z.string().min(1), certificates: paths }),
  trust: trust.extend({ countersigners: z.array(countersigner).min(1).default(['dcc-countersigner']) }),
  log,
});

/** Schema of the S1SP's configuration. */
export const s1spSchema = z.strictObject({
  environment,
  data: z.string().min(1),
  broker,
  embeddedBroker: z.strictObject({ listen: text(parseListen) }).optional(),
  keys: z.strictObject({ countersigning: z.string().min(1) }),
  trust,
  statements: paths,
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
  const common = absolute(path, raw);
  const keys = {
    wrapping: secret(path, raw.keys.wrapping, 'keys.wrapping'),
    signing: secret(path, raw.keys.signing, 'keys.signing'),
    certificates: raw.keys.certificates.map((each) => secret(path, each, 'keys.certificates')),
  };
  const installCodes = secret(path, raw.installCodes, 'installCodes');
  const secrets = { installCodes, 'keys.wrapping': keys.wrapping, 'keys.signing': keys.signing };
  await requireSecrets(path, { ...secrets, 'broker.passwordFile': common.broker.passwordFile });
  for (const certificate of keys.certificates) await requireSecrets(path, { 'keys.certificates': certificate });
  const images = { ...raw.images, authorities: raw.images.authorities.map((file) => beside(path, file)) };
  return { ...raw, ...common, keys, installCodes, images };
}

/** Reads the S1SP's configuration; as `loadGatewayConfig`. */
export async function loadS1spConfig(path: string): Promise<S1spConfig> {
  const raw = parseConfig(s1spSchema, path, await readFileText(path, CONFIG_LIMIT, 'config'));
  const common = absolute(path, raw);
  const keys = { countersigning: secret(path, raw.keys.countersigning, 'keys.countersigning') };
  await requireSecrets(path, { 'keys.countersigning': keys.countersigning, 'broker.passwordFile': common.broker.passwordFile });
  return { ...raw, ...common, keys };
}

/** The data directory that a configuration names, a gateway's or an S1SP's: for verbs that only look. Throws Fault `config`. */
export async function loadDataDirectory(path: string): Promise<string> {
  const source = await readFileText(path, CONFIG_LIMIT, 'config');
  const { data } = /^gateway:/m.test(source) ? parseConfig(gatewaySchema, path, source) : parseConfig(s1spSchema, path, source);
  return beside(path, data);
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
  const result = schema.safeParse(valueOf(file, document), { error: describe });
  if (result.success) return result.data;
  throw new Fault('config', `${file}: ${result.error.issues.flatMap(lineOf).join('; ')}`, { cause: result.error });
}

/** The plain value of a document. Aliases (`*name`) are refused: nothing here needs them, and they can blow up a small file. */
function valueOf(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new Fault('config', `${file}: aliases have no place in it`, { cause });
  }
}

/** What is wrong with a value, to stand behind its key. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_type') return `is not ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `is not one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'is empty' : `is below ${issue.minimum}`;
  if (issue.code === 'too_big') return `is above ${issue.maximum}`;
  return undefined;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text (write it in quotes)',
  int: 'a whole number',
  number: 'a number',
  object: 'a group of settings',
  array: 'a list',
};

function lineOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a setting`);
  return [`${issue.path.join('.') || 'the file'} ${issue.message}`];
}

/** A path of a configuration counts from the folder of its file. */
const beside = (file: string, path: string): string => resolve(dirname(file), path);

/** The same for a file of secrets, which may be a credential of systemd. */
const secret = (file: string, path: string, key: string): string => secretPath(dirname(file), path, `${file}: ${key}`);

/** The paths that both configurations have, made absolute. */
function absolute<T extends z.output<typeof trust>>(
  file: string,
  raw: { readonly data: string; readonly broker: z.output<typeof broker>; readonly trust: T; readonly statements: readonly string[] },
) {
  const { passwordFile } = raw.broker;
  return {
    data: beside(file, raw.data),
    broker: { ...raw.broker, passwordFile: passwordFile && secret(file, passwordFile, 'broker.passwordFile') },
    trust: { ...raw.trust, registration: raw.trust.registration.map((path) => beside(file, path)) },
    statements: raw.statements.map((path) => beside(file, path)),
  };
}

async function requireSecrets(file: string, secrets: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [key, path] of Object.entries(secrets)) if (path !== undefined) await requirePrivate(path, `${file}: ${key}`);
}
