/** A process that takes a directory and holds it until it is ended: `lock-holder.ts DIRECTORY KIND`. Says `held` or why not. */
import { lockDirectory, type LockKind } from '../../../host/adapters/store-lock.ts';

const [, , path = '', kind] = process.argv;
try {
  await lockDirectory(path, kind as LockKind);
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (cause) {
  process.stdout.write(`${(cause as Error).message}\n`);
}
