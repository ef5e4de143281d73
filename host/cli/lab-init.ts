/** `lab init`: everything that a lab of separate processes needs, in one folder. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT } from './io.ts';
import { writeNew } from './new-file.ts';
import { required } from './option.ts';
import type { Program } from './program.ts';

const SECRET = 0o600;
const OPEN = 0o644;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'lab init <folder>',
    summary: 'Writes keys, signed statements, configurations and sample images of a lab; nothing that exists is touched.',
    examples: [
      'hearthgate lab init lab',
      'hearthgate s1sp run --config lab/s1sp.yaml',
      'hearthgate home run --listen 127.0.0.1:9000',
      'hearthgate gateway run --config lab/gateway.yaml',
    ],
    options: (command) => {
      command.option('--broker <host:port>', 'where the S1SP side serves MQTT', '127.0.0.1:1883');
      command.option('--radio <host:port>', "where the home's radio is served", '127.0.0.1:9000');
    },
    async action(io, options, folder = '') {
      const { labFiles } = await import('../compose/lab-folder.ts');
      const files = await labFiles(
        { broker: required(options, 'broker'), radio: required(options, 'radio') },
        Math.floor(Date.now() / 1000),
      );
      for (const { path, content, secret } of files) {
        const target = join(folder, path);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await writeNew(target, content, secret ? SECRET : OPEN);
      }
      if (options.json) io.out(JSON.stringify({ folder, files: files.map(({ path }) => path) }));
      else for (const { path } of files) io.out(join(folder, path));
      return EXIT.done;
    },
  });
}
