import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { describeStore } from '../../kit/store-conformance.ts';

describeStore('MemoryStore', async () => ({ store: new MemoryStore() }));
