import { resolveMapping, type ImportMapping } from '../../../src/datasets/import/mapping.js';

describe('resolveMapping', () => {
  it('finds the natural names of interactions, whatever their case and underscores', () => {
    const columns = [
      'userId',
      'item_id',
      'Timestamp',
      'SessionID',
      'type',
      'weight',
      'id',
      'device',
      'Region',
      'extra',
    ];
    expect(resolveMapping('interactions', {}, columns)).toEqual({
      columns: {
        user: 'userId',
        item: 'item_id',
        time: 'Timestamp',
        type: 'type',
        weight: 'weight',
        session: 'SessionID',
        id: 'id',
        device: 'device',
        region: 'Region',
      },
      attributes: [],
      timeUnit: 'auto',
    });
  });

  it.each([
    [['user', 'item', 'time'], 'time'],
    [['user', 'item', 'timestamp'], 'timestamp'],
    [['user', 'item', 'at'], 'at'],
    [['user', 'item', 'at', 'time'], 'time'],
  ])('takes of the columns %j the time from %s', (columns, time) => {
    expect(resolveMapping('interactions', {}, columns).columns.time).toBe(time);
  });

  it('takes all columns without another use as attributes of items and of profiles', () => {
    expect(resolveMapping('items', {}, ['id', 'title', 'publishedAt', 'available', 'tags'])).toMatchObject({
      columns: { item: 'id', published: 'publishedAt', available: 'available' },
      attributes: ['title', 'tags'],
    });
    expect(resolveMapping('profiles', {}, ['user_id', 'os', 'age'])).toMatchObject({
      columns: { user: 'user_id', os: 'os' },
      attributes: ['age'],
    });
  });

  it('lets a mapping name a column, leave a field out and list the attributes', () => {
    const columns = ['user', 'who', 'id', 'device', 'a', 'b'];
    const mapping = { user: 'who', device: null, attributes: ['b'] };
    expect(resolveMapping('profiles', mapping, columns)).toEqual({
      columns: { user: 'who' },
      attributes: ['b'],
      timeUnit: 'auto',
    });
  });

  it.each<[string, ImportMapping, string]>([
    [
      'a column that the file lacks',
      { user: 'who' },
      'the file has no column "who", which is mapped to "user"; its columns are: user, item, time',
    ],
    [
      'a list of attributes',
      { attributes: ['x'] },
      'interactions have no field "attributes"; they have: user, item, time, type, weight, session, id, device, os, country, region, referrer, timeUnit',
    ],
    ['an unknown unit', { timeUnit: 'h' as 's' }, '"h" is not a unit of time; there are: auto, s, ms, us'],
  ])('says of %s what is wrong', (_, mapping, message) => {
    expect(() => resolveMapping('interactions', mapping, ['user', 'item', 'time'])).toThrow(message);
  });

  it('lists the columns where a required field has none', () => {
    const resolve = () => resolveMapping('interactions', {}, ['reader', 'item', 'time']);
    expect(resolve).toThrow(
      'no column is mapped to "user" and none is called user, user_id; its columns are: reader, item, time',
    );
    expect(resolve).toThrow(expect.objectContaining({ code: 'UNKNOWN_COLUMN', columns: ['reader', 'item', 'time'] }));
  });

  it('refuses a listed attribute that the file lacks', () => {
    expect(() => resolveMapping('items', { attributes: ['x'] }, ['id'])).toThrow(
      'the file has no column "x", which is mapped to "attributes"; its columns are: id',
    );
  });
});
