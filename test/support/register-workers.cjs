/** Worker threads of the code under test run our TypeScript too: the flags that a worker inherits under jest. */
process.execArgv = ['--require', require.resolve('./register-swc.cjs')];
