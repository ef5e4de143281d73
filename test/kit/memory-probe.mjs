/**
 * Preloaded into a process of the product (`node --import`): on SIGUSR2 it writes a heap snapshot, then searches every ArrayBuffer that is
 * alive for the needles of a file, and writes what it found. Environment: PROBE_DIR, where `needles.json` stands ({ name: [hex, …] }) and
 * the answers go: `heap.heapsnapshot`, then `buffers.json` ({ found: { name, size }[], buffers }).
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';

const folder = process.env['PROBE_DIR'];

process.on('SIGUSR2', () => {
  writeHeapSnapshot(join(folder, 'heap.heapsnapshot'));
  const answer = search();
  writeFileSync(join(folder, 'part.json'), JSON.stringify(answer));
  renameSync(join(folder, 'part.json'), join(folder, 'buffers.json'));
});

/** Every ArrayBuffer alive, found by the inspector: views and Buffers stand on them. */
function search() {
  const session = new Session();
  session.connect();
  const ask = (method, params) => {
    let answer;
    session.post(method, params, (error, result) => {
      if (error) throw new Error(error.message);
      answer = result;
    });
    return answer;
  };
  const { result: prototype } = ask('Runtime.evaluate', { expression: 'ArrayBuffer.prototype' });
  const { objects } = ask('Runtime.queryObjects', { prototypeObjectId: prototype.objectId });
  globalThis.probe = (buffers) => {
    // Read last, into arrays that were not alive when the buffers were listed.
    const needles = Object.entries(JSON.parse(readFileSync(join(folder, 'needles.json'), 'utf8')));
    const found = [];
    for (const buffer of buffers) {
      const bytes = Buffer.from(buffer);
      for (const [name, forms] of needles) {
        for (const form of forms) {
          const needle = unpooled(form);
          for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) found.push({ name, size: bytes.length });
        }
      }
    }
    return JSON.stringify({ found, buffers: buffers.length });
  };
  const { result } = ask('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return globalThis.probe([...this]); }',
    objectId: objects.objectId,
    returnByValue: true,
  });
  session.disconnect();
  return JSON.parse(result.value);
}

/** Buffer.from would put the needle into a pool that is being searched. */
function unpooled(hex) {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
