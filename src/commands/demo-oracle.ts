/** The demo world's oracle as a recommender to set beside the engine, where the data folder holds a demo world. */
import { type Config } from '../config.js';
import { oracleList } from '../datasets/demo/oracle.js';
import { type World } from '../datasets/demo/world.js';
import { type Baseline } from '../replay/baseline.js';
import { type Answered } from '../replay/replay.js';
import { existingDemoWorld } from './demo.js';

/** Empty for data that the demo did not make. */
export async function demoBaselines(config: Config): Promise<readonly Baseline[]> {
  const world = await existingDemoWorld(config);
  return world === null ? [] : [oracleOf(world)];
}

function oracleOf(world: World): Baseline {
  return {
    name: 'oracle',
    best(count, answered, keeps) {
      const { ask, state } = answered;
      const { userId } = ask.target;
      const query = { userId, context: ask.context ?? undefined, at: ask.now, previous: sessionSoFar(answered) };
      const ids = oracleList(world, query, count, (id) => {
        const item = state.items.find(id);
        return item !== -1 && keeps(item);
      });
      return ids.map((id) => state.items.find(id));
    },
  };
}

/** Ids of what was clicked in the session before the list. */
function sessionSoFar({ ask, state }: Answered): readonly string[] {
  if (ask.isStart) return [];
  const [user] = state.users.read([ask.target.userId], state.position);
  const { item: items, session: sessions, length } = user!.history;
  const current = sessions[length - 1];
  return Array.from(
    items.filter((_, offset) => sessions[offset] === current),
    (item) => state.items.id(item),
  );
}
