/** A process that commits numbered values to an LMDB store and prints each number once it is durable; killed by its test. */
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';

const store = new LmdbStore(process.argv[2]!);
for (let number = 1; ; number++) {
  const value = new TextEncoder().encode(String(number));
  await store.commit([
    { table: 'jobs', key: 'last', value },
    { table: 'audit', key: String(number).padStart(8, '0'), value },
  ]);
  process.stdout.write(`${number}\n`);
}
