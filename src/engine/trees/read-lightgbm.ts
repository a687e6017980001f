/**
 * Reads LightGBM's text model format (versions v3 and v4): a header of `key=value` lines, one block of lines a tree, and the
 * line `end of trees`; what follows (importances, parameters) says nothing about scores and is not read.
 * Every number is read as the double that was written.
 */
import { checkEnsemble } from './check-ensemble.js';
import { RankerError } from './ranker-error.js';
import { readFields } from './read-fields.js';
import { readTree } from './read-tree.js';
import { type Tree, type TreeEnsemble } from './tree-ensemble.js';

const VERSIONS = ['v3', 'v4'];
const END = '\nend of trees';
const TREE = '\nTree=';

/**
 * @throws RankerError RANKER_FOREIGN where the text is no such model or one with several outputs or averaged trees;
 * RANKER_CORRUPT where it is damaged
 */
export function readLightgbm(text: string): TreeEnsemble {
  const steps = readLightgbmInSteps(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same a tree a step, for a process that answers requests meanwhile. */
export function* readLightgbmInSteps(text: string): Generator<void, TreeEnsemble> {
  const unix = text.replaceAll('\r\n', '\n');
  if (!unix.startsWith('tree\n')) {
    throw new RankerError(
      'RANKER_FOREIGN',
      `expected a LightGBM model that starts with "tree", found "${excerpt(unix)}"`,
    );
  }
  const end = unix.indexOf(END);
  const starts = startsOfTrees(unix, end === -1 ? unix.length : end);
  const header = readFields(unix.slice('tree\n'.length, starts[0] ?? (end === -1 ? unix.length : end)), 'header');
  // A foreign model may lack what ours must have: say first that it is one.
  refuseForeign(header);
  if (end === -1) throw corrupt('expected the line "end of trees", found the end of the text');
  // A tree's size counts from its first letter to the next tree's, in bytes; its text is ASCII.
  const blocks = starts.map((from, index) => unix.slice(from, starts[index + 1] ?? end + 1));
  checkSizes(header, blocks);
  const trees: Tree[] = [];
  for (const [index, block] of blocks.entries()) {
    trees.push(readTree(block, index));
    yield;
  }
  const ensemble = {
    objective: header.get('objective') ?? '',
    featureNames: words(header, 'feature_names'),
    featureInfos: words(header, 'feature_infos'),
    trees,
  };
  const last = Number(required(header, 'max_feature_idx'));
  if (ensemble.featureNames.length !== last + 1) {
    throw corrupt(`expected ${last + 1} feature_names by max_feature_idx, found ${ensemble.featureNames.length}`);
  }
  checkEnsemble(ensemble);
  return ensemble;
}

function startsOfTrees(text: string, end: number): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(TREE); at !== -1 && at < end; at = text.indexOf(TREE, at + 1)) starts.push(at + 1);
  return starts;
}

function refuseForeign(header: ReadonlyMap<string, string>): void {
  const version = required(header, 'version');
  const outputs = required(header, 'num_class');
  const perIteration = header.get('num_tree_per_iteration') ?? outputs;
  const problem = !VERSIONS.includes(version)
    ? `expected version ${VERSIONS.join(' or ')}, found "${version}"`
    : outputs !== '1' || perIteration !== '1'
      ? `expected a model of one output, found num_class ${outputs} with ${perIteration} trees an iteration`
      : header.has('average_output')
        ? 'expected trees that add up, found average_output: a random forest'
        : null;
  if (problem !== null) throw new RankerError('RANKER_FOREIGN', problem);
}

function checkSizes(header: ReadonlyMap<string, string>, blocks: readonly string[]): void {
  const sizes = header.get('tree_sizes')?.split(' ').filter(Boolean);
  if (sizes === undefined) return;
  if (sizes.length !== blocks.length) {
    throw corrupt(`expected ${sizes.length} trees by tree_sizes, found ${blocks.length}`);
  }
  blocks.forEach((block, index) => {
    if (sizes[index] === String(block.length)) return;
    throw corrupt(`tree ${index}: expected ${sizes[index]} bytes by tree_sizes, found ${block.length}`);
  });
}

function words(header: ReadonlyMap<string, string>, key: string): string[] {
  return required(header, key).split(' ').filter(Boolean);
}

function required(header: ReadonlyMap<string, string>, key: string): string {
  const value = header.get(key);
  if (value === undefined) throw corrupt(`header: expected the field ${key}, found none`);
  return value;
}

function excerpt(text: string): string {
  return text.slice(0, 40).split('\n', 1)[0]!;
}

function corrupt(problem: string): RankerError {
  return new RankerError('RANKER_CORRUPT', problem);
}
