import { readLightgbm } from '../../../src/engine/trees/read-lightgbm.js';
import { type RankerErrorCode } from '../../../src/engine/trees/ranker-error.js';
import { GOLDEN_NAMES, lightgbmGolden } from '../../support/lightgbm-golden.js';

const { text } = lightgbmGolden('numerical');
const categorical = lightgbmGolden('categorical').text;
const linear = lightgbmGolden('linear').text;

/** The text with one field of the first tree changed; sizes are left out, as in LightGBM's own older files. */
function changed(model: string, key: string, change: (words: string[]) => string[]): string {
  const line = new RegExp(`^${key}=(.*)$`, 'm');
  return model
    .replace(/^tree_sizes=.*\n/m, '')
    .replace(line, (_, words: string) => `${key}=${change(words.split(' ')).join(' ')}`);
}

const at = (place: number, word: string) => (words: string[]) =>
  words.map((old, index) => (index === place ? word : old));

function expectRefusal(model: string, code: RankerErrorCode, message: string): void {
  expect(() => readLightgbm(model)).toThrow(expect.objectContaining({ name: 'RankerError', code, message }));
}

describe('readLightgbm', () => {
  it.each(GOLDEN_NAMES)('reads the shape of %s', (name) => {
    const golden = lightgbmGolden(name).text;
    const { trees, featureNames, featureInfos } = readLightgbm(golden);
    expect(trees.length).toBe(golden.match(/^Tree=/gm)!.length);
    expect(featureInfos.length).toBe(featureNames.length);
    for (const tree of trees) expect(tree.leafCount.reduce((a, b) => a + b)).toBe(600);
  });

  it('reads v3, line ends of Windows, texts without sizes, and an objective of the caller’s own', () => {
    const expected = readLightgbm(text);
    expect(readLightgbm(text.replace('version=v4', 'version=v3'))).toEqual(expected);
    expect(readLightgbm(text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(readLightgbm(text.replace(/^tree_sizes=.*\n/m, ''))).toEqual(expected);
    expect(readLightgbm(text.replace(/^objective=.*\n/m, ''))).toEqual({ ...expected, objective: '' });
  });

  it('reads names, ranges, objective and sets of categories', () => {
    const { objective, featureNames, featureInfos } = readLightgbm(lightgbmGolden('binary').text);
    expect(objective).toBe('binary sigmoid:1');
    expect(featureNames).toEqual(['Column_0', 'Column_1', 'Column_2', 'Column_3', 'Column_4', 'Column_5']);
    expect(featureInfos[0]).toMatch(/^\[-.*:.*\]$/);
    const tree = readLightgbm(categorical).trees[0]!;
    expect(tree.categoryBits.length).toBe(tree.categoryBoundaries.at(-1));
  });

  it.each<[string, string, string]>([
    ['another format', 'ply\nformat ascii 1.0', 'expected a LightGBM model that starts with "tree", found "ply"'],
    ['another version', text.replace('version=v4', 'version=v2'), 'expected version v3 or v4, found "v2"'],
    [
      'several classes',
      text.replace('num_class=1', 'num_class=3').replace('num_tree_per_iteration=1', 'num_tree_per_iteration=3'),
      'expected a model of one output, found num_class 3 with 3 trees an iteration',
    ],
    [
      'a random forest',
      text.replace('feature_names=', 'average_output\nfeature_names='),
      'expected trees that add up, found average_output: a random forest',
    ],
  ])('refuses %s as foreign', (_, model, message) => expectRefusal(model, 'RANKER_FOREIGN', message));

  it.each<[string, string, string]>([
    ['cut off text', text.slice(0, 9000), 'expected the line "end of trees", found the end of the text'],
    [
      'fewer trees than sizes',
      text.replace(/Tree=19[^]*end of trees/, 'end of trees'),
      'expected 20 trees by tree_sizes, found 19',
    ],
    [
      'a tree of another size',
      text.replace('num_leaves=15', 'num_leaves=015'),
      'tree 0: expected 1372 bytes by tree_sizes, found 1373',
    ],
    ['no version', text.replace('version=v4\n', ''), 'header: expected the field version, found none'],
    ['fewer names', text.replace(' Column_5', ''), 'expected 6 feature_names by max_feature_idx, found 5'],
    [
      'a field twice',
      text.replace('label_index=0', 'label_index=0\nlabel_index=0'),
      'header: expected the field label_index once, found it twice',
    ],
    ['trees out of order', text.replace('Tree=0', 'Tree=1'), 'tree 0: expected Tree=0, found Tree=1'],
    [
      'a field less',
      changed(text, 'threshold', () => []).replace('threshold=\n', ''),
      'tree 0: expected the field threshold, found none',
    ],
    [
      'a value less',
      changed(text, 'threshold', (words) => words.slice(1)),
      'tree 0: expected threshold of 14 values, found 13',
    ],
    ['no leaves', changed(text, 'num_leaves', () => ['0']), 'tree 0: expected num_leaves of 1 or more, found 0'],
    [
      'a threshold that is none',
      changed(text, 'threshold', at(2, 'nan')),
      'tree 0: expected numbers in threshold, found "nan"',
    ],
    [
      'an infinite leaf',
      changed(text, 'leaf_value', at(3, 'inf')),
      'tree 0: expected finite numbers in leaf_value, found Infinity at place 3',
    ],
    ['another base', changed(text, 'left_child', at(0, '0x1')), 'tree 0: expected numbers in left_child, found "0x1"'],
    [
      'part of a child',
      changed(text, 'left_child', at(0, '1.5')),
      'tree 0: expected whole numbers from -2147483648 to 2147483647 in left_child, found 1.5',
    ],
    [
      'an unknown feature',
      changed(text, 'split_feature', at(1, '6')),
      'tree 0: expected whole numbers from 0 to 5 in split_feature, found 6 at place 1',
    ],
    [
      'a negative count',
      changed(text, 'leaf_count', at(1, '-6')),
      'tree 0: expected whole numbers from 0 to 2147483647 in leaf_count, found -6 at place 1',
    ],
    [
      'a missing type of none',
      changed(text, 'decision_type', at(1, '14')),
      'tree 0: expected a decision_type up to 11, found 14',
    ],
    [
      'a child too many',
      changed(text, 'left_child', at(0, '14')),
      'tree 0: split 0 expected a split 0 to 13 or a leaf -1 to -15 as its child, found 14',
    ],
    [
      'a leaf too many',
      changed(text, 'left_child', at(0, '-16')),
      'tree 0: split 0 expected a split 0 to 13 or a leaf -1 to -15 as its child, found -16',
    ],
    [
      'a cycle',
      changed(text, 'left_child', at(0, '0')),
      'tree 0: split 0 leads to 0, where another split leads already',
    ],
    [
      'a set too many',
      changed(categorical, 'threshold', at(0, '9')).replace(/decision_type=\d+/, 'decision_type=9'),
      'tree 0: split 0 expected one of 6 sets of categories, found 9',
    ],
    [
      'sets that fall',
      changed(categorical, 'cat_boundaries', at(1, '99')),
      'tree 0: expected cat_boundaries that rise from 0, found 6 at place 2',
    ],
    [
      'a coefficient less',
      changed(linear, 'num_features', at(0, '3')),
      'tree 0: expected leaf_features of 3 values, found 0',
    ],
  ])('refuses %s as damaged', (_, model, message) => expectRefusal(model, 'RANKER_CORRUPT', message));

  it('never takes text with a piece cut out for another model', () => {
    const expected = readLightgbm(text);
    const end = text.indexOf('end of trees');
    const first = text.indexOf('Tree=0');
    for (let from = first; from < end; from += 997) {
      for (const length of [1, 5, 40, 1500]) {
        const cut = text.slice(0, from) + text.slice(Math.min(from + length, end));
        expect(() => readLightgbm(cut)).toThrow(expect.objectContaining({ code: 'RANKER_CORRUPT' }));
      }
    }
    expect(expected.trees.length).toBe(20);
  });
});
