/** What a setting is, and the kinds of values that settings take: a wrong text parses to undefined. */
import { statSync } from 'node:fs';
import { isIP } from 'node:net';

export interface Setting<Value> {
  readonly variable: string;
  readonly otherwise: Value;
  readonly allowed: string;
  readonly purpose: string;
  /** No message shows the text. */
  readonly isSecret?: true;
  /** The value, or undefined where the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

export const wholeNumber = (least: number, most: number) => ({
  allowed: `a whole number from ${least} to ${most}`,
  parse: (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  },
});
export const fraction = {
  allowed: 'a number from 0 to 1',
  parse: (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && value >= 0 && value <= 1 ? value : undefined;
  },
};
export const oneOf = <Word extends string>(...words: readonly Word[]) => ({
  allowed: words.join(' | '),
  parse: (text: string) => words.find((word) => word === text),
});
export const onOff = {
  allowed: 'on | off',
  parse: (text: string) => (text === 'on' ? true : text === 'off' ? false : undefined),
};
const HOST_NAME = /^[a-z\d_-]+(\.[a-z\d_-]+)*\.?$/i;
const NUMBERS_AND_DOTS = /^[\d.]+$/;
export const address = {
  allowed: 'an IP address or a host name',
  parse: (text: string) =>
    isIP(text) !== 0 || (HOST_NAME.test(text) && !NUMBERS_AND_DOTS.test(text)) ? text : undefined,
};
export const folder = {
  allowed: 'path of a folder, which is made where there is none',
  parse: (text: string) => (text.trim() !== '' && mayBeFolder(text) ? text : undefined),
};
export const scopeList = {
  allowed: 'scopes separated by commas, such as all,region,referrer+position; all must be among them',
  parse: (text: string) => text.split(',').map((scope) => scope.trim()),
};

/** Whether a folder is at the path, or nothing is and nothing in its way. */
function mayBeFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
