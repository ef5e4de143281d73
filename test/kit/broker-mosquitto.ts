/** Mosquitto as a second broker, when it is installed. */
import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATHS = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'];

/** The program, or undefined when it is not installed. */
export const mosquitto: string | undefined = PATHS.find((path) => {
  try {
    execFileSync(path, ['-h'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
});

/** Starts Mosquitto on a free loopback port (or a given one), with an access control list when one is given, and waits until it listens. */
export async function startMosquitto(
  given?: number,
  acl?: string,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  const port = given ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'hearthgate-mosquitto-'));
  const more = acl === undefined ? '' : `acl_file ${join(folder, 'acl')}\n`;
  if (acl !== undefined) {
    await chmod(folder, 0o755); // Mosquitto reads it after giving up its rights
    await writeFile(join(folder, 'acl'), acl);
  }
  await writeFile(join(folder, 'conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n${more}`);
  const child = spawn(mosquitto!, ['-c', join(folder, 'conf')], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  while (!(await listens(port))) await new Promise((done) => setTimeout(done, 20));
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `mqtt://127.0.0.1:${port}`, port, close };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true))).on('error', () => done(false));
  });

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
