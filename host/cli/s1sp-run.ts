/** `s1sp run`: the S1SP side of a configuration file, until it is stopped. */
import { required } from './option.ts';
import type { Program } from './program.ts';
import { serve } from './service.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 's1sp run',
    summary: 'Runs the S1SP side: intake, countersigning, dispatch and reports, until SIGINT or SIGTERM.',
    examples: ['hearthgate s1sp run --config s1sp.yaml'],
    codes: ['Code 0: stopped when asked to. Code 3: the broker or the store failed.'],
    options: (command) => void command.requiredOption('--config <file>', 'configuration, see docs/operate.md'),
    async action(io, options) {
      const [{ loadS1spConfig }, { runS1sp }] = await Promise.all([import('../compose/config.ts'), import('../compose/run-s1sp.ts')]);
      const config = await loadS1spConfig(required(options, 'config'));
      return serve(io, options.json, config.log.level, async (log, onFault) => {
        const s1sp = await runS1sp(config, log, onFault);
        const { environment, broker } = config;
        return {
          text: `S1SP side runs (${environment}, ${broker.url})`,
          json: { event: 'running', environment, broker: broker.url },
          stop: () => s1sp.stop(),
        };
      });
    },
  });
}
