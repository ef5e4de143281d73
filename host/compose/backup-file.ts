/**
 * The file of a backup: a head in clear that says whose it is, and the body encrypted and authenticated together with it (AES-256-GCM under
 * a key derived from the backup's key). Keys within the body are sealed once more by the core.
 *
 * ```json
 * { "hearthgate": "backup", "version": 1, "environment": "lab", "gateway": "02…", "id": "…", "created": "2026-…", "nonce": "…", "body": "…" }
 * ```
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import * as z from 'zod';
import { Fault } from '../model/fault.ts';
import { hex, unhex, type Eui64 } from '../model/ids.ts';
import type { Environment } from '../model/service-request.ts';
import type { Entropy } from '../ports/entropy.ts';
import { bodySchema, checked, type BackupBody } from './backup-body.ts';

/** What a backup says in clear. */
export interface BackupHead {
  readonly environment: Environment;
  readonly gateway: Eui64;
  /** Names this one backup: 16 hex digits. */
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
}

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const ID_LENGTH = 8;

const headSchema = z.strictObject({
  hearthgate: z.literal('backup'),
  version: z.literal(1),
  environment: z.enum(['lab', 'production']),
  gateway: z.string().regex(/^[0-9a-f]{16}$/),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  created: z.string().max(40),
  nonce: z.string().regex(/^[0-9a-f]{24}$/),
  body: z.string(),
});

/** An identifier for a backup that is made now. */
export const backupId = (entropy: Entropy): string => hex(entropy.bytes(ID_LENGTH));

/** The text of a backup file. `key` is the backup's key, 16 bytes; the caller wipes it. */
export function sealBackup(head: BackupHead, body: BackupBody, key: Uint8Array, entropy: Entropy): string {
  const nonce = entropy.bytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', bodyKey(key, head), nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(authenticated(head));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(body), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const file = { hearthgate: 'backup', version: 1, ...head, nonce: hex(nonce), body: sealed.toString('base64') };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** What a backup file says in clear, which only `openBackup` proves. Throws Fault `input` that names `path`. */
export function headOf(text: string, path: string): BackupHead {
  const { environment, gateway, id, created } = parsed(text, path);
  return { environment, gateway: gateway as Eui64, id, created };
}

/** Opens a backup file. Throws Fault `input` that names `path` for another key, for a file that was altered, and for one that is none. */
export function openBackup(text: string, key: Uint8Array, path: string): { readonly head: BackupHead; readonly body: BackupBody } {
  const { nonce, body } = parsed(text, path);
  const head = headOf(text, path);
  const sealed = Buffer.from(body, 'base64');
  const end = Math.max(0, sealed.length - TAG_LENGTH);
  let plain: string;
  try {
    const decipher = createDecipheriv('aes-256-gcm', bodyKey(key, head), unhex(nonce), { authTagLength: TAG_LENGTH });
    decipher.setAAD(authenticated(head));
    decipher.setAuthTag(sealed.subarray(end));
    plain = Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new Fault('input', `${path}: does not open under this key, or was altered`, { cause });
  }
  return { head, body: checked(bodySchema, JSON.parse(plain) as unknown, path) };
}

function parsed(text: string, path: string): z.output<typeof headSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Fault('input', `${path}: is not JSON`, { cause });
  }
  return checked(headSchema, value, path);
}

function bodyKey(key: Uint8Array, { id }: BackupHead): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, unhex(id), 'hearthgate backup body 1', 32));
}

const authenticated = ({ environment, gateway, id, created }: BackupHead): Buffer =>
  Buffer.from(JSON.stringify(['hearthgate backup 1', environment, gateway, id, created]));
