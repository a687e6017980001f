/** node dist/main.js [URL] [READER]: shows a reader's list, clicks its first item, and shows the list again. */
import { createClient } from './client.js';
import { ForReaderDocument, PopularTitlesDocument, RecordClickDocument } from './generated/graphql.js';

const [url = 'http://localhost:4000/graphql', userId = 'reader-1'] = process.argv.slice(2);
const send = createClient({ url });

const { popularItems } = await send(PopularTitlesDocument, { first: 3 });
console.log('popular:', popularItems.nodes.map(({ item }) => item.id).join(', '));

const before = await show();
const [first] = before.nodes;
if (first !== undefined) {
  const { recommendationId } = before;
  const click = { userId, itemId: first.item.id, recommendationId };
  const { recordInteractions } = await send(RecordClickDocument, click);
  console.log('recorded:', recordInteractions.accepted);
  await show();
}

async function show() {
  const { recommendations } = await send(ForReaderDocument, { userId, first: 3 });
  console.log(`${userId} (${recommendations.segment}):`);
  for (const { rank, item, explanation } of recommendations.nodes) {
    console.log(`  ${rank}. ${item.id}: ${explanation.text}`);
  }
  return recommendations;
}
